CREATE TABLE "mark_origin" (
	"only" integer PRIMARY KEY NOT NULL,
	"origin" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stream_events" (
	"stream" text NOT NULL,
	"seq" integer NOT NULL,
	"type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"mark" bigint DEFAULT 0 NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "stream_events_stream_seq_pk" PRIMARY KEY("stream","seq")
);
--> statement-breakpoint
CREATE TABLE "stream_heads" (
	"stream" text PRIMARY KEY NOT NULL,
	"seq" integer NOT NULL,
	"mark" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
INSERT INTO "mark_origin" VALUES (1, 0);--> statement-breakpoint
INSERT INTO "stream_heads" ("stream", "seq") SELECT 'video:' || "video_id", "seq" FROM "room_heads";--> statement-breakpoint
INSERT INTO "stream_events" ("stream", "seq", "type", "payload", "at") SELECT 'video:' || "video_id", "seq", "type", "payload", "at" FROM "room_events";--> statement-breakpoint
DROP TABLE "room_events" CASCADE;--> statement-breakpoint
DROP TABLE "room_heads" CASCADE;--> statement-breakpoint
CREATE INDEX "stream_events_at" ON "stream_events" USING btree ("at");--> statement-breakpoint
CREATE INDEX "stream_events_mark" ON "stream_events" USING btree ("mark","stream","seq");--> statement-breakpoint
CREATE INDEX "stream_events_said" ON "stream_events" USING btree ("stream","seq") WHERE type = 'message.created';