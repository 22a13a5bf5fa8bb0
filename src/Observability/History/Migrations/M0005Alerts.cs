using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.Observability.History.Migrations;

/// <summary>Alerts as they are, the groups in which receivers are told of them, what waits to be sent, and what became of what was sent.</summary>
[DbContext(typeof(HistoryContext))]
[Migration("0005_Alerts")]
internal sealed class M0005Alerts : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE alerts (
            id              text        PRIMARY KEY,
            rule_namespace  text        NOT NULL,
            rule            text        NOT NULL,
            alert           text        NOT NULL,
            tenant          text        NOT NULL,
            labels          text        NOT NULL,
            annotations     text        NOT NULL,
            phase           text        NOT NULL,
            active_since    timestamptz NOT NULL,
            fired_at        timestamptz NULL,
            unseen_since    timestamptz NULL,
            resolved_at     timestamptz NULL,
            value           float8      NOT NULL,
            incident        text        NOT NULL
        );

        CREATE TABLE alert_groups (
            key               text        PRIMARY KEY,
            route             text        NOT NULL,
            namespace         text        NOT NULL,
            receiver          text        NOT NULL,
            labels            text        NOT NULL,
            next_flush        timestamptz NOT NULL,
            members           text[]      NOT NULL,
            notified_at       timestamptz NULL,
            notified_firing   text[]      NOT NULL,
            notified_resolved text[]      NOT NULL,
            sequence          integer     NOT NULL
        );

        -- Written together with the groups: what a group says it told is here until it was told. Of one group and receiver the earlier goes first.
        CREATE TABLE alert_outbox (
            sequence      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id            text        NOT NULL UNIQUE,
            namespace     text        NOT NULL,
            receiver      text        NOT NULL,
            group_key     text        NOT NULL,
            body          text        NOT NULL,
            created       timestamptz NOT NULL,
            attempts      integer     NOT NULL DEFAULT 0,
            next_attempt  timestamptz NOT NULL,
            leased_until  timestamptz NULL,
            dead_at       timestamptz NULL,
            last_error    text        NULL
        );
        CREATE INDEX alert_outbox_waiting ON alert_outbox (namespace, receiver, group_key, sequence) WHERE dead_at IS NULL;
        CREATE INDEX alert_outbox_dead ON alert_outbox (dead_at) WHERE dead_at IS NOT NULL;

        CREATE TABLE alert_deliveries (
            id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            namespace     text        NOT NULL,
            receiver      text        NOT NULL,
            notification  text        NOT NULL,
            title         text        NOT NULL,
            alerts        integer     NOT NULL,
            at            timestamptz NOT NULL,
            outcome       text        NOT NULL,
            attempt       integer     NOT NULL,
            code          integer     NULL,
            milliseconds  integer     NOT NULL,
            message       text        NOT NULL
        );
        CREATE INDEX alert_deliveries_by_receiver ON alert_deliveries (namespace, receiver, id);
        CREATE INDEX alert_deliveries_by_time ON alert_deliveries (at);
        """);
}
