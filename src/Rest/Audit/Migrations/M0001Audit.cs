using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.Rest.Audit.Migrations;

[DbContext(typeof(AuditContext))]
[Migration("0001_Audit")]
internal sealed class M0001Audit : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE audit (
            request_id   uuid        PRIMARY KEY,
            time         timestamptz NOT NULL,
            user_name    text        NOT NULL,
            user_uid     text        NULL,
            user_groups  text[]      NOT NULL,
            source       text        NULL,
            verb         text        NOT NULL,
            resource     text        NOT NULL,
            namespace    text        NULL,
            name         text        NULL,
            dry_run      boolean     NOT NULL,
            before_hash  text        NULL,
            after_hash   text        NULL,
            outcome      text        NOT NULL,
            status       integer     NULL,
            detail       text        NULL
        );
        CREATE INDEX audit_by_time ON audit (time, request_id);
        CREATE INDEX audit_by_object ON audit (namespace, name, time);
        CREATE INDEX audit_by_user ON audit (user_name, time);
        """);
}

/// <summary>The model after the last migration.</summary>
[DbContext(typeof(AuditContext))]
internal sealed class AuditSnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder) => AuditContext.Configure(modelBuilder);
}
