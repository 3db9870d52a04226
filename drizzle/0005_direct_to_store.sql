ALTER TABLE "uploads" ADD COLUMN "incoming_blob" text;--> statement-breakpoint
ALTER TABLE "uploads" ADD COLUMN "incoming_parts" text;