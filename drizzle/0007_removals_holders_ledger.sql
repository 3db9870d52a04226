CREATE TABLE "blob_removals" (
	"key" text PRIMARY KEY NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"done" boolean DEFAULT false NOT NULL,
	"noted_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "store_owner" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"swept_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "storage_ledger" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "storage_ledger_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"bytes" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "uploads" ADD COLUMN "holder" uuid;--> statement-breakpoint
ALTER TABLE "reservations" ADD COLUMN "holder" uuid;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "transcript_language" text;--> statement-breakpoint
CREATE INDEX "blob_removals_next" ON "blob_removals" USING btree ("next_at");--> statement-breakpoint
INSERT INTO "storage_ledger" ("bytes")
SELECT sum("bytes") FROM (
	SELECT max("size_bytes") AS "bytes" FROM "videos" WHERE "original_blob" IS NOT NULL GROUP BY "original_blob"
) AS "stored" HAVING sum("bytes") IS NOT NULL;--> statement-breakpoint
UPDATE "videos" SET "transcript_language" = "transcripts"."language"
FROM "transcripts" WHERE "transcripts"."video_id" = "videos"."id";
