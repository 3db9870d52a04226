CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "room_events" (
	"video_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "room_events_video_id_seq_pk" PRIMARY KEY("video_id","seq")
);
--> statement-breakpoint
CREATE TABLE "room_heads" (
	"video_id" uuid PRIMARY KEY NOT NULL,
	"seq" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "videos" (
	"id" uuid PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"filename" text NOT NULL,
	"source" text NOT NULL,
	"status" text NOT NULL,
	"stages" jsonb NOT NULL,
	"playable" boolean NOT NULL,
	"transcript_state" text NOT NULL,
	"transcript_reason" text,
	"duration_seconds" double precision NOT NULL,
	"width" integer,
	"height" integer,
	"frame_rate" double precision,
	"video_codec" text,
	"audio_codec" text,
	"size_bytes" bigint NOT NULL,
	"checksum" text NOT NULL,
	"media" jsonb NOT NULL,
	"original_blob" text NOT NULL,
	"playback_blob" text,
	"thumbnail_blob" text,
	"audio_blob" text,
	"captions_blob" text,
	"error" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ready_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE INDEX "room_events_at" ON "room_events" USING btree ("at");--> statement-breakpoint
CREATE INDEX "videos_status" ON "videos" USING btree ("status");--> statement-breakpoint
CREATE INDEX "videos_checksum" ON "videos" USING btree ("checksum");