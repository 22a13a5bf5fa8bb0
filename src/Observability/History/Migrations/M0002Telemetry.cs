using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.Observability.History.Migrations;

/// <summary>Logs and spans of all clusters, a partition a day: what is too old goes as a whole table. They are written by COPY and are no part of the model.</summary>
[DbContext(typeof(HistoryContext))]
[Migration("0002_Telemetry")]
internal sealed class M0002Telemetry : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE logs (
            time              timestamptz NOT NULL,
            cluster_namespace text        NOT NULL,
            cluster           text        NOT NULL,
            cluster_uid       text        NOT NULL,
            service           text        NOT NULL,
            k8s_namespace     text        NOT NULL,
            k8s_pod           text        NOT NULL,
            severity          smallint    NOT NULL,
            severity_text     text        NOT NULL,
            body              text        NOT NULL,
            trace_id          bytea       NULL,
            span_id           bytea       NULL,
            scope             text        NOT NULL,
            attributes        jsonb       NOT NULL,
            resource          jsonb       NOT NULL
        ) PARTITION BY RANGE (time);
        CREATE INDEX logs_by_cluster ON logs (cluster_namespace, cluster, time);
        CREATE INDEX logs_by_trace ON logs (trace_id) WHERE trace_id IS NOT NULL;

        CREATE TABLE spans (
            time              timestamptz NOT NULL,
            duration_ns       bigint      NOT NULL,
            cluster_namespace text        NOT NULL,
            cluster           text        NOT NULL,
            cluster_uid       text        NOT NULL,
            service           text        NOT NULL,
            k8s_namespace     text        NOT NULL,
            k8s_pod           text        NOT NULL,
            trace_id          bytea       NOT NULL,
            span_id           bytea       NOT NULL,
            parent_span_id    bytea       NULL,
            name              text        NOT NULL,
            kind              smallint    NOT NULL,
            status            smallint    NOT NULL,
            status_message    text        NOT NULL,
            scope             text        NOT NULL,
            attributes        jsonb       NOT NULL,
            resource          jsonb       NOT NULL,
            events            jsonb       NOT NULL,
            links             jsonb       NOT NULL
        ) PARTITION BY RANGE (time);
        CREATE INDEX spans_by_cluster ON spans (cluster_namespace, cluster, time);
        CREATE INDEX spans_by_trace ON spans (trace_id);
        """);
}
