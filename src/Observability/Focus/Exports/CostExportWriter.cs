using System.IO.Compression;
using System.Security.Cryptography;
using Fleet.Contracts.Costs;
using Fleet.Control.Grains;
using Fleet.Cost.Focus;
using Fleet.Sources.Buckets;

namespace Fleet.Observability.Focus.Exports;

/// <summary>Makes the file of a month and puts it into the bucket. The same ledger makes the same bytes, so that what is there already is not sent again.</summary>
internal sealed class CostExportWriter(FocusLedger ledger, TimeProvider clock)
{
    /// <param name="clusters">Of which clusters; null for all.</param>
    public async Task<ExportedPeriod> WriteAsync(GrainOwnership owner, CostExportSpec spec, BucketSource bucket, PlannedMonth month, IReadOnlyCollection<string>? clusters, CancellationToken ct)
    {
        var query = new FocusQuery
        {
            Window = month.Window,
            IsHourly = spec.Granularity == "hourly",
            Version = spec.FocusVersion == "1.3" ? FocusVersion.V12WithSplitCost : FocusVersion.V12,
            Format = spec.Format == "jsonl" ? FocusFormat.JsonLines : FocusFormat.Csv,
        };
        var name = spec.BillingAccountName ?? "Fleet";
        var settings = new FocusExportSettings { BillingAccountId = spec.BillingAccountId ?? "fleet", BillingAccountName = name, InvoiceIssuerName = name, Version = query.Version };
        var key = $"{Folder(spec.Bucket.Prefix)}billing_period={month.Period}/focus-{(query.IsHourly ? "hourly" : "daily")}.{(query.Format == FocusFormat.Csv ? "csv" : "jsonl")}.gz";
        var folder = Directory.CreateTempSubdirectory("fleet-costs-");
        try
        {
            var file = Path.Combine(folder.FullName, "month.gz");
            FocusCount count;
            await using (var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write))
            await using (var packed = new GZipStream(target, CompressionLevel.Optimal))
                count = await FocusFile.WriteAsync(packed, ledger.ReadAsync(query, settings, clusters, ct), query, ct);
            string digest;
            await using (var written = File.OpenRead(file))
                digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(written, ct));
            // A bucket knows no epochs, but the same ledger makes the same file: what an old owner had begun to send is no other.
            owner.EnsureCurrent();
            await BucketWriter.PutAsync(bucket, key, file, digest, "application/gzip", ct);
            return new()
            {
                Period = month.Period, Key = key, Rows = count.Rows, Unpriced = count.Unpriced, Bytes = new FileInfo(file).Length, Sha256 = digest, WrittenAt = clock.GetUtcNow(), Closed = month.Closes,
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Folder(string? prefix) => prefix is not { Length: > 0 } ? "" : prefix.EndsWith('/') ? prefix : prefix + "/";
}
