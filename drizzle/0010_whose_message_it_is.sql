ALTER TABLE "messages" DROP CONSTRAINT "messages_sent_once";--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "sender" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
-- Whoever sends again what was stored before finds it: by the person, where one is known. What one person sent twice
-- under two names has two rows, of which the first is theirs; of the rest nobody knows more than the name.
UPDATE "messages" SET "sender" = CASE WHEN "author_id" IS NOT NULL AND "id" = "first" THEN "author_id" ELSE 'name ' || "author" END
FROM (
  SELECT "id" AS "of", min("id"::text) OVER (PARTITION BY "video_id", "author_id", "client_id")::uuid AS "first" FROM "messages"
) AS "given" WHERE "of" = "id" AND "kind" <> 'answer';--> statement-breakpoint
CREATE INDEX "messages_answers" ON "messages" USING btree ("reply_to") WHERE kind = 'answer';--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_sent_once" UNIQUE("video_id","sender","client_id");
