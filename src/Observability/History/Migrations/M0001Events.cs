using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.Observability.History.Migrations;

[DbContext(typeof(HistoryContext))]
[Migration("0001_Events")]
internal sealed class M0001Events : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE events (
            uid         uuid        PRIMARY KEY,
            namespace   text        NOT NULL,
            kind        text        NOT NULL,
            name        text        NOT NULL,
            object_uid  text        NULL,
            type        text        NOT NULL,
            reason      text        NOT NULL,
            message     text        NOT NULL,
            count       integer     NOT NULL,
            first_seen  timestamptz NOT NULL,
            last_seen   timestamptz NOT NULL
        );
        CREATE INDEX events_by_object ON events (namespace, name, last_seen);
        CREATE INDEX events_by_time ON events (last_seen);
        """);
}

/// <summary>The model after the last migration.</summary>
[DbContext(typeof(HistoryContext))]
internal sealed class HistorySnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder) => HistoryContext.Configure(modelBuilder);
}
