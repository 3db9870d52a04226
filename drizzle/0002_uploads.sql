CREATE TABLE "uploads" (
	"id" text PRIMARY KEY NOT NULL,
	"way" text NOT NULL,
	"video_id" uuid NOT NULL,
	"filename" text NOT NULL,
	"title" text NOT NULL,
	"size_bytes" bigint,
	"status" text NOT NULL,
	"error" jsonb,
	"lease_until" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "videos" ALTER COLUMN "duration_seconds" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ALTER COLUMN "size_bytes" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ALTER COLUMN "checksum" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ALTER COLUMN "media" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ALTER COLUMN "original_blob" DROP NOT NULL;--> statement-breakpoint
CREATE INDEX "uploads_expires" ON "uploads" USING btree ("status","expires_at");