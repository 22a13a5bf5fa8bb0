using System.Globalization;
using System.Net;
using System.Text;
using Fleet.Cost.Teams;

namespace Fleet.Observability.Teams;

/// <summary>A showback as a table for spreadsheets, or as a page for paper. Pure.</summary>
internal static class ShowbackDocument
{
    /// <summary>Of the page, in its answer and in itself.</summary>
    public const string Policy = "default-src 'none'; style-src 'unsafe-inline'";

    private static readonly string[] Columns = ["direct", "shared", "idle", "total", "before", "change", "share", "changeUnknown"];

    /// <summary>RFC 4180.</summary>
    public static string Csv(Showback report, string period, string currency, string by)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"period,currency,{by},{string.Join(',', Columns)}\r\n");
        foreach (var item in report.Items)
            text.Append(CultureInfo.InvariantCulture, $"{Cell(period)},{Cell(currency)},{Cell(item.Owner)},{string.Join(',', Values(item))},{Cell(report.Prior?.Reason ?? "")}\r\n");
        return text.ToString();
    }

    /// <summary>One file without anything else: it can be printed, and sent by mail.</summary>
    public static string Html(Showback report, string period, string currency, string by)
    {
        var title = WebUtility.HtmlEncode($"Costs by {by}, {period}");
        var rows = new StringBuilder();
        foreach (var item in report.Items)
            rows.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{WebUtility.HtmlEncode(item.Owner)}</th>{string.Concat(Values(item).Select(value => $"<td>{value}</td>"))}</tr>\n");
        var note = report.Prior is { Reason: { } reason } prior ? WebUtility.HtmlEncode($"Not compared with the period from {prior.First.ToString("d MMM yyyy", CultureInfo.InvariantCulture)}: {reason}.") : "";
        return $$$"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{{{Policy}}}"><title>{{{title}}}</title>
            <style>body{font:14px system-ui,sans-serif;margin:2em;color:#111;background:#fff}table{border-collapse:collapse;width:100%}caption{text-align:left;font-size:1.4em;margin-bottom:.6em}
            th,td{padding:.35em .7em;border-bottom:1px solid #ccc;text-align:right;font-variant-numeric:tabular-nums}th:first-child{text-align:left}tfoot th,tfoot td{border-top:2px solid #111;font-weight:700}
            @media print{body{margin:0}tr{break-inside:avoid}thead{display:table-header-group}}</style></head>
            <body><table><caption>{{{title}}} ({{{WebUtility.HtmlEncode(currency)}}})</caption>
            <thead><tr><th scope="col">{{{WebUtility.HtmlEncode(by)}}}</th>{{{string.Concat(Columns[..^1].Select(column => $"<th scope=\"col\">{column}</th>"))}}}</tr></thead>
            <tbody>
            {{{rows}}}</tbody>
            <tfoot><tr><th scope="row">Total</th><td>{{{Money(report.Items.Sum(item => item.Direct))}}}</td><td>{{{Money(report.Items.Sum(item => item.Shared))}}}</td><td>{{{Money(report.Items.Sum(item => item.Idle))}}}</td><td>{{{Money(report.Total)}}}</td><td></td><td></td><td></td></tr></tfoot></table>{{{(note.Length > 0 ? $"<p>{note}</p>" : "")}}}</body></html>

            """;
    }

    private static string[] Values(ShowbackItem item) =>
    [
        Money(item.Direct), Money(item.Shared), Money(item.Idle), Money(item.Total), item.Before is { } before ? Money(before) : "", item.Change is { } change ? Money(change) : "",
        item.Share.ToString("0.0000", CultureInfo.InvariantCulture),
    ];

    private static string Money(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A label may say anything, and spreadsheets run what begins like a formula.</summary>
    private static string Cell(string text)
    {
        var safe = text.TrimStart() is { Length: > 0 } trimmed && "=+-@\t\r".Contains(trimmed[0], StringComparison.Ordinal) || text.StartsWith('\t') || text.StartsWith('\r') ? $"'{text}" : text;
        return safe.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
