using System.Text;
using Fleet.Cost.Focus;

namespace Fleet.Observability.Focus;

/// <summary>Writes rows as they come.</summary>
internal static class FocusFile
{
    private const int RowsAtOnce = 500;

    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    public static string MediaType(FocusFormat format) => format == FocusFormat.Csv ? "text/csv; charset=utf-8" : "application/x-ndjson";

    public static async Task<FocusCount> WriteAsync(Stream output, IAsyncEnumerable<FocusPart> parts, FocusQuery query, CancellationToken ct)
    {
        var columns = FocusExport.Columns(query.Version);
        var text = new StringWriter();
        if (query.Format == FocusFormat.Csv)
            FocusCsv.WriteRow(text, columns);
        var (rows, unpriced) = (0L, 0L);
        await foreach (var part in parts.WithCancellation(ct))
        {
            unpriced += part.Unpriced;
            foreach (var row in part.Rows)
            {
                if (query.Format == FocusFormat.Csv)
                    FocusCsv.WriteRow(text, row);
                else
                    FocusJsonLines.WriteRow(text, columns, row);
                if (++rows % RowsAtOnce == 0)
                    await FlushAsync(output, text, ct);
            }
        }
        await FlushAsync(output, text, ct);
        return new(rows, unpriced);
    }

    private static async Task FlushAsync(Stream output, StringWriter text, CancellationToken ct)
    {
        await output.WriteAsync(Encoding.GetBytes(text.ToString()), ct);
        text.GetStringBuilder().Clear();
    }
}

/// <summary>What was written.</summary>
/// <param name="Unpriced">Workloads of hours or days that lack a price, so that they cost more than what is written.</param>
internal sealed record FocusCount(long Rows, long Unpriced);
