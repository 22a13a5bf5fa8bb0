using System.Globalization;
using Fleet.Cost.Allocations;
using Fleet.Cost.Focus;
using Fleet.Cost.Focus.Bills;
using Fleet.Observability.Costs;
using Fleet.Observability.Focus;
using Fleet.Observability.Focus.Bills;
using Fleet.Observability.Ledger;
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

    [Fact]
    public async Task An_imported_bill_adjusts_costs_and_exports_until_it_is_replaced_or_taken_back()
    {
        await ledger.AddAsync(0, 240, Cancel);
        QueryWindow window = new(new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 11, 3, 0, 0, 0, TimeSpan.Zero));
        var bills = new BillStore(ledger.Connections);
        var focus = new FocusLedger(ledger.Reader, new At(Evening.AddDays(1)));
        var list = await PaidAsync();
        var listed = (await ledger.Reader.ReadAsync(window, TimeSpan.FromDays(1), null, Cancel, atListPrice: true)).SelectMany(set => ListedAsset.Of(set.Assets)).ToList();
        var nodes = listed.Where(asset => asset.Kind == "Node").Sum(asset => asset.Cost);

        Assert.Null(await ImportAsync("november", 0.7));
        Assert.Equal(list - 0.3 * nodes, await PaidAsync(), 6);
        var table = await ReadAsync(focus, null, ("period", "2026-11"));
        Assert.Empty(FocusValidator.Validate(table));
        Assert.Equal(list - 0.3 * nodes, Sum(table, "EffectiveCost"), 5);
        Assert.Equal(list - 0.3 * nodes, Sum(table, "BilledCost"), 5);
        Assert.Equal(list, Sum(table, "ListCost"), 5);

        // The same bill again, corrected; another one of the same costs would take the list price off twice.
        Assert.Null(await ImportAsync("november", 0.9));
        Assert.Equal(list - 0.1 * nodes, await PaidAsync(), 6);
        Assert.Equal("november", await ImportAsync("copy", 0.5));
        var kept = Assert.Single(await bills.ListAsync(Cancel));
        Assert.Equal(("november", "EUR", "somebody"), (kept.Name, kept.Currency, kept.ImportedBy));
        Assert.Equal(-0.1 * nodes, kept.Adjustment, 6);

        Assert.True(await bills.RemoveAsync("november", Cancel));
        Assert.False(await bills.RemoveAsync("november", Cancel));
        Assert.Equal(list, await PaidAsync(), 6);

        async Task<double> PaidAsync()
        {
            var sets = new List<LedgerSet>();
            foreach (var detail in new[] { LedgerDetail.Containers, LedgerDetail.Namespaces, LedgerDetail.Clusters })
                sets.Add(Assert.Single(await ledger.Reader.ReadAsync(window, window.Duration, null, Cancel, detail)));
            Assert.All(CostReport.Balances(sets), balance => Assert.True(balance.Holds, string.Join("; ", balance.Faults)));
            // However finely it is read.
            Assert.All(sets, set => Assert.Equal(sets[0].Allocations.TotalCost, set.Allocations.TotalCost, 6));
            return sets[0].Assets.TotalCost;
        }

        async Task<string?> ImportAsync(string name, double part)
        {
            var found = Reconciler.Compare(
                BillTotals.Of(
                    FocusCsv.Open(new StringReader(
                        "ResourceId,ServiceName,ChargePeriodStart,ChargePeriodEnd,BillingCurrency,EffectiveCost\n" + string.Concat(listed.Where(asset => asset.Kind == "Node").Select(asset =>
                            string.Create(CultureInfo.InvariantCulture, $"{FilledLedger.Cluster}/Node/n,VM,{asset.Day:yyyy-MM-dd}T00:00:00Z,{asset.Day.AddDays(1):yyyy-MM-dd}T00:00:00Z,EUR,{asset.Cost * part}\n"))))),
                    window),
                listed);
            var adjustments = BillAdjustment.Of(found, listed, out var unapplied);
            Assert.Equal(0, unapplied);
            return await bills.SaveAsync(
                new(name, "EUR", window.Start, window.End, Evening, "somebody", 2, found.ListCost, found.EffectiveCost, adjustments.Sum(one => one.Amount), 0, 0), adjustments, Cancel);
        }

        static double Sum(FocusTable table, string column) => Values(table, column).Sum(value => double.Parse(value!, CultureInfo.InvariantCulture));
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
