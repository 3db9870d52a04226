CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"video_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"author" text NOT NULL,
	"client_id" text,
	"body" text NOT NULL,
	"at_seconds" double precision,
	"reply_to" uuid,
	"citations" jsonb NOT NULL,
	"engine" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "messages_sent_once" UNIQUE("video_id","author","client_id")
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
CREATE TABLE "passages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"video_id" uuid NOT NULL,
	"segments" jsonb NOT NULL,
	"plain" text NOT NULL,
	"words" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('simple', plain), 'A') || setweight(to_tsvector('english', plain), 'B')) STORED NOT NULL,
	"embedding" vector,
	"embedding_model" text,
	"embedding_dimension" integer
);
--> statement-breakpoint
CREATE TABLE "segments" (
	"video_id" uuid NOT NULL,
	"index" integer NOT NULL,
	"start_seconds" double precision NOT NULL,
	"end_seconds" double precision NOT NULL,
	"text" text NOT NULL,
	"speaker" text,
	"words" jsonb NOT NULL,
	CONSTRAINT "segments_video_id_index_pk" PRIMARY KEY("video_id","index")
);
--> statement-breakpoint
CREATE TABLE "transcripts" (
	"video_id" uuid PRIMARY KEY NOT NULL,
	"language" text NOT NULL,
	"engine" text NOT NULL,
	"segment_count" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
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
ALTER TABLE "messages" ADD CONSTRAINT "messages_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passages" ADD CONSTRAINT "passages_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "segments" ADD CONSTRAINT "segments_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transcripts" ADD CONSTRAINT "transcripts_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "messages_in_time" ON "messages" USING btree ("video_id","created_at","id");--> statement-breakpoint
CREATE INDEX "room_events_at" ON "room_events" USING btree ("at");--> statement-breakpoint
CREATE INDEX "passages_video" ON "passages" USING btree ("video_id");--> statement-breakpoint
CREATE INDEX "passages_words" ON "passages" USING gin ("words");--> statement-breakpoint
CREATE INDEX "passages_trigrams" ON "passages" USING gin ("plain" gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "videos_status" ON "videos" USING btree ("status");--> statement-breakpoint
CREATE INDEX "videos_checksum" ON "videos" USING btree ("checksum");