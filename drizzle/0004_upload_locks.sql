CREATE TABLE "upload_locks" (
	"upload_id" text PRIMARY KEY NOT NULL,
	"holder" uuid NOT NULL,
	"wanted" boolean DEFAULT false NOT NULL,
	"lease_until" timestamp (3) with time zone NOT NULL
);
