CREATE TABLE "fetches" (
	"video_id" uuid PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"titled" boolean NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "fetches" ADD CONSTRAINT "fetches_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;