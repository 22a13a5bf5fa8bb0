using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Fleet.Observability.History.Migrations;

/// <summary>Logs and spans are read newest first, also over all clusters. Text is searched within a bounded time and needs no index: one over words would cost the ways in more than it gives.</summary>
[DbContext(typeof(HistoryContext))]
[Migration("0008_TelemetrySearch")]
internal sealed class M0008TelemetrySearch : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE INDEX logs_by_time ON logs (time);
        CREATE INDEX spans_by_time ON spans (time);
        """);
}
