using System.Diagnostics.Metrics;

namespace Fleet.ControlPlane.Serving;

/// <summary>Figures about requests, in the meter <c>Fleet.ControlPlane</c>.</summary>
internal sealed class RequestMetrics
{
    public const string MeterName = "Fleet.ControlPlane";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Requests =
        Meter.CreateCounter<long>("fleet.apiserver.requests", "{request}", "Requests answered, by verb, resource and code.");

    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("fleet.apiserver.request.duration", "s", "Time to answer, without watches.");

    private static readonly UpDownCounter<long> Watches = Meter.CreateUpDownCounter<long>("fleet.apiserver.watches", "{watch}", "Open watches.");

#pragma warning disable CA1822 // One instance per server; the instruments are shared by the process.
    public void Count(ApiRequest? request, int code, TimeSpan elapsed)
    {
        var verb = new KeyValuePair<string, object?>("verb", request?.Verb ?? "");
        var resource = new KeyValuePair<string, object?>("resource", request is { Target.IsResource: true, User.IsAnonymous: false } ? request.Target.Plural : "");
        Requests.Add(1, verb, resource, new KeyValuePair<string, object?>("code", code));
        if (request?.Verb != "watch") Duration.Record(elapsed.TotalSeconds, verb, resource);
    }
#pragma warning restore CA1822

    public static void WatchOpened() => Watches.Add(1);

    public static void WatchClosed() => Watches.Add(-1);
}
