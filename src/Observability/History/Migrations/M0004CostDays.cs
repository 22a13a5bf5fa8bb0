using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.Observability.History.Migrations;

/// <summary>
/// Costs by day, partitioned by month, and by day and namespace: a month of a large fleet is answered from these. They are added to together with the hours, in one transaction.
/// <c>day</c> is midnight in UTC; <c>started</c> and <c>ended</c> are moments. Traffic and used bytes of volumes; whether a cluster's costs add up.
/// </summary>
[DbContext(typeof(HistoryContext))]
[Migration("0004_CostDays")]
internal sealed class M0004CostDays : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            """
            ALTER TABLE cost_hours ADD transfer_bytes float8 NOT NULL DEFAULT 0, ADD receive_bytes float8 NOT NULL DEFAULT 0, ADD network_cost float8 NOT NULL DEFAULT 0;
            -- Null where nobody measured it.
            ALTER TABLE cost_assets ADD byte_hours_used float8;

            ALTER TABLE cost_clusters ADD simulated boolean NOT NULL DEFAULT false, ADD balance jsonb;

            -- Up to where the past of a cluster is filled in, and to where it will be.
            CREATE TABLE cost_backfills (
                cluster_uid text        PRIMARY KEY,
                done_until  timestamptz NOT NULL,
                until       timestamptz NOT NULL
            );

            -- From when on something is there; what is older was dropped.
            CREATE TABLE cost_kept (
                what  text        PRIMARY KEY,
                since timestamptz NOT NULL
            );

            CREATE TABLE cost_days (
                day            timestamptz NOT NULL,
                item           bigint      NOT NULL,
                currency       text        NOT NULL,
                started        timestamptz NOT NULL,
                ended          timestamptz NOT NULL,
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
                transfer_bytes float8      NOT NULL,
                receive_bytes  float8      NOT NULL,
                network_cost   float8      NOT NULL,
                PRIMARY KEY (day, item, currency)
            ) PARTITION BY RANGE (day);

            CREATE TABLE cost_share_days (
                day         timestamptz NOT NULL,
                item        bigint      NOT NULL,
                currency    text        NOT NULL,
                is_disk     boolean     NOT NULL,
                asset       text        NOT NULL,
                provider_id text        NOT NULL,
                amount      float8      NOT NULL,
                cost        float8      NOT NULL,
                PRIMARY KEY (day, item, currency, is_disk, asset)
            ) PARTITION BY RANGE (day);

            -- A discount may change within a day, and counts for what was paid with it.
            CREATE TABLE cost_asset_days (
                day             timestamptz NOT NULL,
                currency        text        NOT NULL,
                cluster_uid     text        NOT NULL,
                kind            smallint    NOT NULL,
                name            text        NOT NULL,
                provider_id     text        NOT NULL,
                discount        float8      NOT NULL,
                cluster         text        NOT NULL,
                details         jsonb       NOT NULL,
                hours           float8      NOT NULL,
                cpu_hours       float8      NOT NULL,
                ram_hours       float8      NOT NULL,
                gpu_hours       float8      NOT NULL,
                byte_hours      float8      NOT NULL,
                cpu_cost        float8      NOT NULL,
                ram_cost        float8      NOT NULL,
                gpu_cost        float8      NOT NULL,
                cost            float8      NOT NULL,
                missing         smallint    NOT NULL,
                byte_hours_used float8,
                PRIMARY KEY (day, currency, cluster_uid, kind, name, provider_id, discount)
            ) PARTITION BY RANGE (day);

            -- All items of a namespace in one row; of what they are it has what they have in common, '' for the rest.
            CREATE TABLE cost_namespace_days (
                day             timestamptz NOT NULL,
                currency        text        NOT NULL,
                cluster_uid     text        NOT NULL,
                kind            smallint    NOT NULL,
                namespace       text        NOT NULL,
                cluster         text        NOT NULL,
                node            text        NOT NULL,
                controller_kind text        NOT NULL,
                controller      text        NOT NULL,
                pod             text        NOT NULL,
                container       text        NOT NULL,
                services        text[]      NOT NULL,
                started         timestamptz NOT NULL,
                ended           timestamptz NOT NULL,
                cpu_hours       float8      NOT NULL,
                cpu_requested   float8      NOT NULL,
                cpu_used        float8      NOT NULL,
                cpu_cost        float8      NOT NULL,
                ram_hours       float8      NOT NULL,
                ram_requested   float8      NOT NULL,
                ram_used        float8      NOT NULL,
                ram_cost        float8      NOT NULL,
                gpu_hours       float8      NOT NULL,
                gpu_requested   float8      NOT NULL,
                gpu_cost        float8      NOT NULL,
                balancer_cost   float8      NOT NULL,
                missing         smallint    NOT NULL,
                transfer_bytes  float8      NOT NULL,
                receive_bytes   float8      NOT NULL,
                network_cost    float8      NOT NULL,
                PRIMARY KEY (day, currency, cluster_uid, kind, namespace)
            ) PARTITION BY RANGE (day);

            CREATE FUNCTION cost_common_of(one text[], other text[]) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
                $$ SELECT CASE WHEN one = other THEN one ELSE ARRAY(SELECT u.word FROM unnest(one) WITH ORDINALITY u (word, at) WHERE u.word = ANY (other) ORDER BY u.at) END $$;
            CREATE AGGREGATE cost_common(text[]) (sfunc = cost_common_of, stype = text[], parallel = safe, combinefunc = cost_common_of);
            """);
        // Hours that were written before there were days.
        migrationBuilder.Sql(
            """
            DO $$
            DECLARE
                month timestamptz;
                part  text;
            BEGIN
                FOR month IN SELECT DISTINCT date_trunc('month', hour, 'UTC') FROM cost_coverage LOOP
                    FOREACH part IN ARRAY ARRAY['cost_days', 'cost_share_days', 'cost_asset_days', 'cost_namespace_days'] LOOP
                        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', part || to_char(month AT TIME ZONE 'UTC', '_YYYYMM'), part,
                            to_char(month AT TIME ZONE 'UTC', 'YYYY-MM-DD 00:00+00'), to_char(month AT TIME ZONE 'UTC' + interval '1 month', 'YYYY-MM-DD 00:00+00'));
                    END LOOP;
                END LOOP;
            END $$;

            INSERT INTO cost_days
            SELECT date_trunc('day', hour, 'UTC'), item, currency, min(hour + started * interval '1 second'), max(hour + ended * interval '1 second'), sum(cpu_hours), sum(cpu_requested), sum(cpu_used),
                sum(cpu_cost), max(cpu_peak), sum(ram_hours), sum(ram_requested), sum(ram_used), sum(ram_cost), max(ram_peak), sum(gpu_hours), sum(gpu_requested), sum(gpu_cost), sum(balancer_cost),
                bit_or(missing), 0, 0, 0
            FROM cost_hours GROUP BY 1, 2, 3;

            INSERT INTO cost_share_days
            SELECT date_trunc('day', hour, 'UTC'), item, currency, is_disk, asset, max(provider_id), sum(amount), sum(cost) FROM cost_shares GROUP BY 1, 2, 3, 4, 5;

            INSERT INTO cost_asset_days
            SELECT date_trunc('day', hour, 'UTC'), currency, cluster_uid, kind, name, provider_id, discount, max(cluster), (array_agg(details ORDER BY hour DESC))[1], sum(hours), sum(cpu_hours),
                sum(ram_hours), sum(gpu_hours), sum(byte_hours), sum(cpu_cost), sum(ram_cost), sum(gpu_cost), sum(cost), bit_or(missing), NULL
            FROM cost_assets GROUP BY 1, 2, 3, 4, 5, 6, 7;

            INSERT INTO cost_namespace_days
            SELECT d.day, d.currency, i.cluster_uid, i.kind, i.namespace, max(i.cluster), CASE WHEN min(i.node) = max(i.node) THEN min(i.node) ELSE '' END,
                CASE WHEN min(i.controller_kind) = max(i.controller_kind) THEN min(i.controller_kind) ELSE '' END, CASE WHEN min(i.controller) = max(i.controller) THEN min(i.controller) ELSE '' END,
                CASE WHEN min(i.pod) = max(i.pod) THEN min(i.pod) ELSE '' END, CASE WHEN min(i.container) = max(i.container) THEN min(i.container) ELSE '' END, cost_common(i.services),
                min(d.started), max(d.ended), sum(d.cpu_hours), sum(d.cpu_requested), sum(d.cpu_used), sum(d.cpu_cost), sum(d.ram_hours), sum(d.ram_requested), sum(d.ram_used), sum(d.ram_cost),
                sum(d.gpu_hours), sum(d.gpu_requested), sum(d.gpu_cost), sum(d.balancer_cost), bit_or(d.missing), 0, 0, 0
            FROM cost_days d JOIN cost_items i ON i.id = d.item GROUP BY 1, 2, 3, 4, 5;
            """);
    }
}
