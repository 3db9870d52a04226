DROP INDEX "passages_video";--> statement-breakpoint
ALTER TABLE "passages" ALTER COLUMN "words" DROP EXPRESSION;--> statement-breakpoint
ALTER TABLE "passages" ADD COLUMN "place" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "passages" ADD COLUMN "stemmer" text DEFAULT 'english' NOT NULL;--> statement-breakpoint
ALTER TABLE "passages" ADD COLUMN "edition" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "passages_place" ON "passages" USING btree ("video_id","place");--> statement-breakpoint
CREATE INDEX "passages_stemmer" ON "passages" USING btree ("stemmer");--> statement-breakpoint
UPDATE "passages" SET "place" = "counted"."place", "words" = setweight("passages"."words", 'D') FROM (SELECT "id", row_number() OVER (PARTITION BY "video_id" ORDER BY "id") - 1 AS "place" FROM "passages") AS "counted" WHERE "counted"."id" = "passages"."id";
