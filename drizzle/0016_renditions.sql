CREATE TABLE "renditions" (
	"stream" text NOT NULL,
	"name" text NOT NULL,
	"key" text NOT NULL,
	"size_bytes" bigint,
	"content_type" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "renditions_stream_name_pk" PRIMARY KEY("stream","name")
);
--> statement-breakpoint
-- What is there already. Nobody has noted how large it is: the daily sweep looks.
INSERT INTO "renditions" ("stream", "name", "key", "content_type", "created_at")
	SELECT 'video:' || "id", "made"."name", "made"."key", "made"."type", "created_at"
	FROM "videos" CROSS JOIN LATERAL (VALUES
		('playback', "playback_blob", 'video/mp4'),
		('thumbnail', "thumbnail_blob", 'image/jpeg'),
		('audio', "audio_blob", 'audio/wav'),
		('waveform', "waveform_blob", 'application/json'),
		('storyboard', "storyboard_blob", 'text/vtt'),
		('storyboard-sheet', regexp_replace("storyboard_blob", 'vtt$', 'jpg'), 'image/jpeg'),
		('hls', regexp_replace("hls_blob", 'ladder\.json$', ''), NULL)
	) AS "made" ("name", "key", "type")
	WHERE "made"."key" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" DROP COLUMN "playback_blob";--> statement-breakpoint
ALTER TABLE "videos" DROP COLUMN "thumbnail_blob";--> statement-breakpoint
ALTER TABLE "videos" DROP COLUMN "audio_blob";--> statement-breakpoint
ALTER TABLE "videos" DROP COLUMN "storyboard_blob";--> statement-breakpoint
ALTER TABLE "videos" DROP COLUMN "waveform_blob";--> statement-breakpoint
ALTER TABLE "videos" DROP COLUMN "hls_blob";