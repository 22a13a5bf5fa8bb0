using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.Observability.History.Migrations;

/// <summary>Bills that were imported, and what they make of list prices.</summary>
[DbContext(typeof(HistoryContext))]
[Migration("0010_Bills")]
internal sealed class M0010Bills : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE TABLE cost_bills (
            name           text        PRIMARY KEY,
            currency       text        NOT NULL,
            window_start   timestamptz NOT NULL,
            window_end     timestamptz NOT NULL,
            imported_at    timestamptz NOT NULL,
            imported_by    text        NOT NULL,
            lines          bigint      NOT NULL,
            list_cost      float8      NOT NULL,
            effective_cost float8      NOT NULL,
            adjustment     float8      NOT NULL,
            unmatched      float8      NOT NULL,
            unapplied      float8      NOT NULL
        );

        -- Of one cluster, day and kind of asset only one bill tells: with two the list price would be taken off twice.
        CREATE TABLE cost_adjustments (
            day       date     NOT NULL,
            cluster   text     NOT NULL,
            part      smallint NOT NULL,
            currency  text     NOT NULL,
            bill      text     NOT NULL REFERENCES cost_bills ON DELETE CASCADE,
            list_cost float8   NOT NULL,
            amount    float8   NOT NULL,
            PRIMARY KEY (day, cluster, part, currency)
        );
        CREATE INDEX cost_adjustments_by_bill ON cost_adjustments (bill);
        """);
}
