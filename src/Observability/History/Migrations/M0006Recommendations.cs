using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.Observability.History.Migrations;

/// <summary>What was seen of usage, what is recommended, and what people have decided about it.</summary>
[DbContext(typeof(HistoryContext))]
[Migration("0006_Recommendations")]
internal sealed class M0006Recommendations : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- Histograms of a cluster's containers, as its owner has them in memory.
        CREATE TABLE usage_checkpoints (
            cluster_uid text        PRIMARY KEY,
            saved_at    timestamptz NOT NULL,
            state       bytea       NOT NULL
        );

        -- How far each cluster was advised about; problem says why not further.
        CREATE TABLE recommendation_clusters (
            cluster_uid  text        PRIMARY KEY,
            cluster      text        NOT NULL,
            refreshed_at timestamptz NOT NULL,
            problem      text        NOT NULL,
            outlook      jsonb       NOT NULL
        );

        CREATE TABLE recommendations (
            id           text        PRIMARY KEY,
            cluster_uid  text        NOT NULL,
            cluster      text        NOT NULL,
            kind         text        NOT NULL,
            namespace    text        NOT NULL,
            found_at     timestamptz NOT NULL,
            refreshed_at timestamptz NOT NULL,
            body         jsonb       NOT NULL
        );
        CREATE INDEX recommendations_by_cluster ON recommendations (cluster_uid);

        -- Decisions outlive what they are about, so that it does not come back tomorrow.
        CREATE TABLE recommendation_states (
            id         text        PRIMARY KEY,
            state      text        NOT NULL,
            until      timestamptz,
            reason     text        NOT NULL,
            by_user    text        NOT NULL,
            decided_at timestamptz NOT NULL
        );
        """);
}
