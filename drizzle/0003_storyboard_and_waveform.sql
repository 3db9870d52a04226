ALTER TABLE "videos" ADD COLUMN "storyboard_blob" text;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "waveform_blob" text;