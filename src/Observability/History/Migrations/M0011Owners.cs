using Fleet.Rest.Databases;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.Observability.History.Migrations;

/// <summary>Under which epoch each grain wrote last, and looks of agents on their way to the replica that owns their cluster.</summary>
[DbContext(typeof(HistoryContext))]
[Migration("0011_Owners")]
internal sealed class M0011Owners : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        OwnerEpochs.Table +
        """

        CREATE TABLE agent_looks (
            sequence       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            cluster_uid    text        NOT NULL,
            namespace      text        NOT NULL,
            cluster        text        NOT NULL,
            taken_at       timestamptz NOT NULL,
            offset_seconds float8      NOT NULL,
            body           bytea       NOT NULL
        );
        CREATE INDEX agent_looks_by_cluster ON agent_looks (cluster_uid, sequence);
        """);
}
