using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.Rest.Audit.Migrations;

/// <summary>
/// Rows are added and nothing else. Those of before have no place in the chain: they wait in audit_unchained until they are added to it.
/// </summary>
[DbContext(typeof(AuditContext))]
[Migration("0002_AuditChain")]
internal sealed class M0002AuditChain : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DROP INDEX audit_by_time;
        DROP INDEX audit_by_object;
        DROP INDEX audit_by_user;
        ALTER TABLE audit RENAME CONSTRAINT audit_pkey TO audit_unchained_pkey;
        ALTER TABLE audit RENAME TO audit_unchained;

        CREATE TABLE audit (
            sequence      bigint      NOT NULL,
            recorded      timestamptz NOT NULL,
            previous_hash text        NOT NULL,
            hash          text        NOT NULL,
            request_id    uuid        NOT NULL,
            time          timestamptz NOT NULL,
            user_name     text        NOT NULL,
            user_uid      text        NULL,
            user_groups   text[]      NOT NULL,
            source        text        NULL,
            verb          text        NOT NULL,
            resource      text        NOT NULL,
            namespace     text        NULL,
            name          text        NULL,
            dry_run       boolean     NOT NULL,
            before_hash   text        NULL,
            after_hash    text        NULL,
            outcome       text        NOT NULL,
            status        integer     NULL,
            detail        text        NULL,
            PRIMARY KEY (sequence, recorded)
        ) PARTITION BY RANGE (recorded);
        CREATE INDEX audit_by_request ON audit (request_id, sequence);
        CREATE INDEX audit_by_time ON audit (time, request_id);
        CREATE INDEX audit_by_object ON audit (namespace, name, time);
        CREATE INDEX audit_by_user ON audit (user_name, time);

        -- The end of the chain. Who adds a row locks it, so that there is one chain, however many write.
        CREATE TABLE audit_head (
            single   boolean     PRIMARY KEY DEFAULT true CHECK (single),
            sequence bigint      NOT NULL,
            hash     text        NOT NULL,
            recorded timestamptz NOT NULL
        );
        INSERT INTO audit_head (sequence, hash, recorded) VALUES (0, repeat('0', 64), '-infinity');

        -- What was given up after its time: the chain goes on from the hash of its last row.
        CREATE TABLE audit_seals (
            part       text        PRIMARY KEY,
            first_row  bigint      NOT NULL,
            last_row   bigint      NOT NULL,
            last_hash  text        NOT NULL,
            dropped_at timestamptz NOT NULL
        );

        CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'insufficient_privilege';
            END
        $$;
        CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_append_only();
        CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
        CREATE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE ON audit_seals FOR EACH ROW EXECUTE FUNCTION audit_append_only();
        """);
}
