CREATE TABLE "read_marks" (
	"video_id" uuid NOT NULL,
	"member_id" text NOT NULL,
	"seq" integer NOT NULL,
	CONSTRAINT "read_marks_video_id_member_id_pk" PRIMARY KEY("video_id","member_id")
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "author_id" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "end_seconds" double precision;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "mentions" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "reactions" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "usage" jsonb;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "edited_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "read_marks" ADD CONSTRAINT "read_marks_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
-- What the log says of older messages gets the same shape as what is said from now on.
UPDATE "room_events" SET "payload" = jsonb_set("payload", '{message}', '{"authorId":null,"endSeconds":null,"mentions":[],"reactions":[],"usage":null,"editedAt":null}'::jsonb || ("payload"->'message')) WHERE "type" = 'message.created';
