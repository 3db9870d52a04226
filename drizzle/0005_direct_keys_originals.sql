CREATE TABLE "upload_captions" (
	"upload_id" text PRIMARY KEY NOT NULL,
	"body" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "upload_keys" (
	"hash" text PRIMARY KEY NOT NULL,
	"video_id" uuid,
	"upload_id" text,
	"holder" uuid NOT NULL,
	"lease_until" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reservations" (
	"video_id" uuid PRIMARY KEY NOT NULL,
	"bytes" bigint NOT NULL,
	"blob" text,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "uploads" ADD COLUMN "incoming_blob" text;--> statement-breakpoint
ALTER TABLE "uploads" ADD COLUMN "incoming_parts" text;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "duplicate_of" uuid;--> statement-breakpoint
ALTER TABLE "upload_captions" ADD CONSTRAINT "upload_captions_upload_id_uploads_id_fk" FOREIGN KEY ("upload_id") REFERENCES "public"."uploads"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reservations_blob" ON "reservations" USING btree ("blob");--> statement-breakpoint
CREATE INDEX "reservations_until" ON "reservations" USING btree ("until");--> statement-breakpoint
CREATE INDEX "videos_original" ON "videos" USING btree ("original_blob");