using System.Globalization;
using Fleet.Cost.Focus;
using Fleet.Cost.Focus.Bills;
using Fleet.Observability.Focus;
using Microsoft.Extensions.Primitives;

namespace Fleet.Integration.Tests.Observability;

/// <summary>The ledger on a real PostgreSQL as a FOCUS file.</summary>
public sealed class FocusLedgerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Evening = new(2026, 11, 1, 22, 0, 0, TimeSpan.Zero);

    private static readonly FocusExportSettings Settings = new() { BillingAccountId = "fleet", InvoiceIssuerName = "Fleet" };

    private FilledLedger ledger = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => ledger = await FilledLedger.StartAsync(Evening);

    public async ValueTask DisposeAsync() => await ledger.DisposeAsync();

    [Fact]
    public async Task Rows_of_hours_and_of_days_are_valid_and_add_up_to_what_is_paid_for()
    {
        await ledger.AddAsync(0, 240, Cancel);
        var paid = (await ledger.Reader.ReadAsync(new(Evening, Evening.AddHours(4)), TimeSpan.FromHours(4), null, Cancel)).Single().Assets.TotalCost;
        Assert.True(paid > 1);
        var focus = new FocusLedger(ledger.Reader, new At(Evening.AddDays(1)));

        var hours = await ReadAsync(focus, null, ("start", "2026-11-01"), ("end", "2026-11-03"), ("granularity", "hourly"), ("version", "1.3"));
        var days = await ReadAsync(focus, null, ("period", "2026-11"), ("version", "1.3"));
        var lines = await ReadAsync(focus, [FilledLedger.Cluster], ("period", "2026-11"), ("format", "jsonl"));
        foreach (var table in new[] { hours, days, lines })
        {
            Assert.Empty(FocusValidator.Validate(table));
            Assert.Equal(paid, Values(table, "BilledCost").Sum(value => double.Parse(value!, CultureInfo.InvariantCulture)), 6);
        }
        Assert.Equal(["2026-11-01T22:00:00Z", "2026-11-01T23:00:00Z", "2026-11-02T00:00:00Z", "2026-11-02T01:00:00Z"], Values(hours, "ChargePeriodStart").Distinct());
        Assert.Equal(["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"], Values(days, "ChargePeriodStart").Distinct());
        Assert.Contains("disk-1", Values(days, "ResourceId"));
        Assert.Contains("management", Values(days, "SkuId"));
        Assert.False(lines.Has("AllocatedMethodId"));

        // The fleet's own bill is what the fleet says.
        var own = Reconciler.Compare(
            BillTotals.Of(new(days.Header, days.Rows.Select(row => new FocusRow(days.Header, row))), new(Evening, Evening.AddHours(4))),
            (await ledger.Reader.ReadAsync(new(Evening, Evening.AddHours(4)), TimeSpan.FromDays(1), null, Cancel)).SelectMany(set => ListedAsset.Of(set.Assets)));
        Assert.Empty(own.UnmatchedBill);
        Assert.Empty(own.UnmatchedList);
        Assert.Equal(["Cluster", "Node", "PersistentVolume", "PersistentVolume"], own.Resources.Select(resource => resource.Kind).Order(StringComparer.Ordinal));

        Assert.Empty((await ReadAsync(focus, ["other/prod"], ("period", "2026-11"))).Rows);
        Assert.Empty((await ReadAsync(focus, null, ("period", "2026-10"))).Rows);
    }

    private static async Task<FocusTable> ReadAsync(FocusLedger focus, IReadOnlyCollection<string>? clusters, params (string Name, string Value)[] parameters)
    {
        var query = FocusQuery.Read(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, new StringValues(parameter.Value))), Evening);
        using var file = new MemoryStream();
        var count = await FocusFile.WriteAsync(file, focus.ReadAsync(query, Settings with { Version = query.Version }, clusters, Cancel), query, Cancel);
        file.Position = 0;
        using var reader = new StreamReader(file);
        var reading = query.Format == FocusFormat.Csv ? FocusCsv.Open(reader) : FocusJsonLines.Open(reader);
        var rows = reading.Rows.Select(row => row.Fields).ToList();
        Assert.Equal(count.Rows, rows.Count);
        return new(reading.Header.Names, rows);
    }

    private static IEnumerable<string?> Values(FocusTable table, string column) => Enumerable.Range(0, table.Rows.Count).Select(row => table.Value(row, column));

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
