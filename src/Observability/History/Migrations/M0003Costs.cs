using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.Observability.History.Migrations;

/// <summary>
/// Hourly costs. Tables with an hour are partitioned by day, so that forgetting a day is dropping a table. Amounts are of the hour: cores, bytes or devices × hours; <c>started</c> and <c>ended</c> are seconds of it.
/// </summary>
[DbContext(typeof(HistoryContext))]
[Migration("0003_Costs")]
internal sealed class M0003Costs : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- What costs are of. The same container with other labels is another item.
        CREATE TABLE cost_items (
            id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            digest          bytea       NOT NULL UNIQUE,
            kind            smallint    NOT NULL,
            cluster_uid     text        NOT NULL,
            cluster         text        NOT NULL,
            name            text        NOT NULL,
            node            text        NOT NULL,
            namespace       text        NOT NULL,
            controller_kind text        NOT NULL,
            controller      text        NOT NULL,
            pod             text        NOT NULL,
            container       text        NOT NULL,
            services        text[]      NOT NULL,
            labels          jsonb       NOT NULL,
            annotations     jsonb       NOT NULL,
            last_hour       timestamptz NOT NULL
        );
        CREATE INDEX cost_items_by_time ON cost_items (last_hour);

        CREATE TABLE cost_hours (
            hour           timestamptz NOT NULL,
            item           bigint      NOT NULL,
            currency       text        NOT NULL,
            started        real        NOT NULL,
            ended          real        NOT NULL,
            cpu_hours      float8      NOT NULL,
            cpu_requested  float8      NOT NULL,
            cpu_used       float8      NOT NULL,
            cpu_cost       float8      NOT NULL,
            cpu_peak       real        NOT NULL,
            ram_hours      float8      NOT NULL,
            ram_requested  float8      NOT NULL,
            ram_used       float8      NOT NULL,
            ram_cost       float8      NOT NULL,
            ram_peak       real        NOT NULL,
            gpu_hours      float8      NOT NULL,
            gpu_requested  float8      NOT NULL,
            gpu_cost       float8      NOT NULL,
            balancer_cost  float8      NOT NULL,
            missing        smallint    NOT NULL,
            PRIMARY KEY (hour, item, currency)
        ) PARTITION BY RANGE (hour);

        -- Parts of disks and load balancers that items bear.
        CREATE TABLE cost_shares (
            hour        timestamptz NOT NULL,
            item        bigint      NOT NULL,
            currency    text        NOT NULL,
            is_disk     boolean     NOT NULL,
            asset       text        NOT NULL,
            provider_id text        NOT NULL,
            amount      float8      NOT NULL,
            cost        float8      NOT NULL,
            PRIMARY KEY (hour, item, currency, is_disk, asset)
        ) PARTITION BY RANGE (hour);

        CREATE TABLE cost_assets (
            hour           timestamptz NOT NULL,
            currency       text        NOT NULL,
            cluster_uid    text        NOT NULL,
            kind           smallint    NOT NULL,
            name           text        NOT NULL,
            provider_id    text        NOT NULL,
            cluster        text        NOT NULL,
            details        jsonb       NOT NULL,
            hours          float8      NOT NULL,
            cpu_hours      float8      NOT NULL,
            ram_hours      float8      NOT NULL,
            gpu_hours      float8      NOT NULL,
            byte_hours     float8      NOT NULL,
            cpu_cost       float8      NOT NULL,
            ram_cost       float8      NOT NULL,
            gpu_cost       float8      NOT NULL,
            cost           float8      NOT NULL,
            discount       float8      NOT NULL,
            missing        smallint    NOT NULL,
            PRIMARY KEY (hour, currency, cluster_uid, kind, name, provider_id)
        ) PARTITION BY RANGE (hour);

        -- How much of each hour was looked at.
        CREATE TABLE cost_coverage (
            hour        timestamptz NOT NULL,
            cluster_uid text        NOT NULL,
            seen        float8      NOT NULL,
            inferred    float8      NOT NULL,
            PRIMARY KEY (hour, cluster_uid)
        ) PARTITION BY RANGE (hour);

        -- Up to when each cluster's costs are here. Written together with them, so that nothing is added twice.
        CREATE TABLE cost_clusters (
            cluster_uid text        PRIMARY KEY,
            cluster     text        NOT NULL,
            seen_until  timestamptz NOT NULL,
            problems    text[]      NOT NULL
        );
        """);
}
