CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"holder" uuid NOT NULL,
	"wanted" boolean DEFAULT false NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
DROP TABLE "upload_locks" CASCADE;--> statement-breakpoint
DELETE FROM "upload_keys" WHERE "video_id" IS NULL;--> statement-breakpoint
ALTER TABLE "upload_keys" ALTER COLUMN "video_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "upload_keys" DROP COLUMN "holder";--> statement-breakpoint
ALTER TABLE "upload_keys" DROP COLUMN "lease_until";--> statement-breakpoint
ALTER TABLE "uploads" DROP COLUMN "holder";--> statement-breakpoint
ALTER TABLE "uploads" DROP COLUMN "lease_until";--> statement-breakpoint
ALTER TABLE "reservations" DROP COLUMN "holder";