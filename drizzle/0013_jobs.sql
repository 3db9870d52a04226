CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"payload" jsonb NOT NULL,
	"state" text NOT NULL,
	"percent" integer DEFAULT 0 NOT NULL,
	"eta_seconds" integer,
	"reason" text,
	"attempt" integer DEFAULT 0 NOT NULL,
	"cost" jsonb,
	"requested_by" text,
	"delivery" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_one_waits" ON "jobs" USING btree ("kind","subject") WHERE state = 'waiting';--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_one_runs" ON "jobs" USING btree ("kind","subject") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "jobs_subject" ON "jobs" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "jobs_state" ON "jobs" USING btree ("state","id");