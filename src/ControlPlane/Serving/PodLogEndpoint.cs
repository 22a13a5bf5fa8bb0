using System.Globalization;
using System.Text;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;

namespace Fleet.ControlPlane.Serving;

/// <summary>pods/log: text.</summary>
internal static class PodLogEndpoint
{
    public static Task HandleAsync(ApiRequest request, IPodLogs? logs)
    {
        if (request.Cluster.Find(request.Kind, request.Key) is null) throw ApiErrors.NotFound(request.Kind, request.Key.Name);
        var lines = logs?.Read(request.Cluster, request.Key, request.Query("container") is { Length: > 0 } c ? c : null, request.Flag("previous")) ?? [];
        IEnumerable<PodLogLine> shown = lines;
        if (request.Query("sinceTime") is { Length: > 0 } since && DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, out var from))
            shown = shown.Where(l => l.Time >= from);
        if (request.Number("sinceSeconds") is > 0 and var seconds)
            shown = shown.Where(l => l.Time >= request.Cluster.Settings.Clock.GetUtcNow().AddSeconds(-seconds));
        if (request.Query("tailLines") is { Length: > 0 }) shown = shown.TakeLast(request.Number("tailLines"));
        var stamps = request.Flag("timestamps");
        var text = new StringBuilder();
        foreach (var line in shown)
        {
            if (stamps) text.Append(line.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)).Append(' ');
            text.Append(line.Text).Append('\n');
        }
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (request.Query("limitBytes") is { Length: > 0 } && request.Number("limitBytes") < bytes.Length) bytes = bytes[..request.Number("limitBytes")];
        return ResponseBytes.WriteAsync(request.Http.Response, 200, bytes, "text/plain");
    }
}
