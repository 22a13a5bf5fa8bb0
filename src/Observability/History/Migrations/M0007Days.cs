using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.Observability.History.Migrations;

/// <summary>Costs of days, of what budgets, summaries and reports look at, and what was odd in them.</summary>
[DbContext(typeof(HistoryContext))]
[Migration("0007_Days")]
internal sealed class M0007Days : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE cost_day_rows (
            subject   text     NOT NULL,
            day       date     NOT NULL,
            currency  text     NOT NULL,
            cluster   text     NOT NULL,
            name      text     NOT NULL,
            direct    float8   NOT NULL,
            idle      float8   NOT NULL,
            overhead  float8   NOT NULL,
            compute   float8   NOT NULL,
            efficient float8   NOT NULL,
            missing   smallint NOT NULL,
            PRIMARY KEY (subject, day, currency, cluster, name)
        );

        -- From what a subject's day was made: when the ledger has more of it, it is made anew.
        CREATE TABLE cost_day_states (
            subject   text        NOT NULL,
            day       date        NOT NULL,
            state     text        NOT NULL,
            rolled_at timestamptz NOT NULL,
            PRIMARY KEY (subject, day)
        );

        CREATE TABLE cost_anomalies (
            id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            subject   text        NOT NULL,
            cluster   text        NOT NULL,
            name      text        NOT NULL,
            currency  text        NOT NULL,
            first_day date        NOT NULL,
            last_day  date        NOT NULL,
            expected  float8      NOT NULL,
            actual    float8      NOT NULL,
            severity  smallint    NOT NULL,
            top       jsonb       NOT NULL,
            opened_at timestamptz NOT NULL,
            closed_at timestamptz,
            UNIQUE (subject, cluster, name, currency, first_day)
        );
        CREATE UNIQUE INDEX cost_anomalies_open ON cost_anomalies (subject, cluster, name, currency) WHERE closed_at IS NULL;
        """);
}
