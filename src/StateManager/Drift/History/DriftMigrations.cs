using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.StateManager.Drift.History;

[DbContext(typeof(DriftContext))]
[Migration("0001_ServiceDrift")]
internal sealed class M0001ServiceDrift : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE service_drift (
            id                  uuid        PRIMARY KEY,
            time                timestamptz NOT NULL,
            namespace           text        NOT NULL,
            cluster             text        NOT NULL,
            service_set         text        NOT NULL,
            service_namespace   text        NOT NULL,
            service             text        NOT NULL,
            object_api_version  text        NOT NULL,
            object_kind         text        NOT NULL,
            object_namespace    text        NOT NULL,
            object_name         text        NOT NULL,
            is_missing          boolean     NOT NULL,
            fields              text[]      NOT NULL,
            changed_by          text        NULL,
            changed_at          timestamptz NULL,
            action              text        NOT NULL,
            detail              text        NULL
        );
        CREATE INDEX service_drift_by_time ON service_drift (time);
        CREATE INDEX service_drift_by_cluster ON service_drift (namespace, cluster, time);
        """);
}

/// <summary>The model after the last migration.</summary>
[DbContext(typeof(DriftContext))]
internal sealed class DriftSnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder) => DriftContext.Configure(modelBuilder);
}
