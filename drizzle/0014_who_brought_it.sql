ALTER TABLE "uploads" ADD COLUMN "requested_by" text;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "requested_by" text;