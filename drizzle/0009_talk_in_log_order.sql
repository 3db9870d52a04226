DROP INDEX "messages_in_time";--> statement-breakpoint
CREATE INDEX "room_events_said" ON "room_events" USING btree ("video_id","seq") WHERE type = 'message.created';