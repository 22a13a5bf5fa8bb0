using System.Diagnostics;
using OpenTelemetry;

namespace Fleet.Rest.Telemetry;

/// <summary>Takes out of spans what may be a secret, whatever library put it there, and drops those of probes and scrapes, which say nothing.</summary>
internal sealed class SpanHygiene : BaseProcessor<Activity>
{
    private static readonly string[] Quiet = ["/livez", "/readyz", "/startupz", "/metrics"];

    public override void OnEnd(Activity data)
    {
        if (data.Kind == ActivityKind.Server && (data.GetTagItem("url.path") as string ?? data.GetTagItem("http.route") as string) is { } path && Quiet.Contains(path, StringComparer.Ordinal))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }
        foreach (var (name, value) in data.TagObjects.ToList())
            if (name is "url.query" || name.StartsWith("http.request.header.", StringComparison.Ordinal) || name.StartsWith("http.response.header.", StringComparison.Ordinal))
                data.SetTag(name, null);
            else if (name is "url.full" && value is string address && address.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at)
                data.SetTag(name, address[..at]);
    }
}
