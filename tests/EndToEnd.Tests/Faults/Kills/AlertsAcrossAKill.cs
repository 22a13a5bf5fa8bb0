using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Testing.Processes;

namespace Fleet.EndToEnd.Tests.Faults.Kills;

/// <summary>
/// Alerts that fire in a fleet that is killed before anybody was told: a notification that waits in the outbox because its receiver refused it, a group of two clusters, and a third one that is silenced.
/// </summary>
internal sealed class AlertsAcrossAKill : IAsyncDisposable
{
    private const string Place = "alarms";
    private const string Silence = "silence/known";
    private const string Receiver = "receivers.k0rdent.mirantis.com/hook";

    private const string Rule = $$$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: AlertRule
        metadata: {name: usual, namespace: {{{Place}}}}
        spec: {interval: 10s, rules: [{alert: ClusterNotReady, cluster: {}, severity: critical}]}
        """;

    private readonly ConcurrentQueue<(string Key, JsonObject Body)> asked = new();
    private readonly HttpListener listener = new();
    private readonly Installation fleet;
    private volatile bool isMended;

    private AlertsAcrossAKill(Installation fleet) => this.fleet = fleet;

    /// <summary>Returns when the receiver has refused the first notification and that is stored: the fleet will try to deliver it again in some seconds.</summary>
    public static async Task<AlertsAcrossAKill> BeginAsync(Installation fleet)
    {
        var alerts = new AlertsAcrossAKill(fleet);
        var address = $"http://127.0.0.1:{FreePort.Next()}/";
        alerts.listener.Prefixes.Add(address);
        alerts.listener.Start();
        _ = alerts.ListenAsync();
        (await fleet.KubectlAsync(fleet.Kubeconfig, "apply", "-f", fleet.Write("alarms.yaml", Manifest(address)))).MustSucceed();
        // All there are before they are looked at, so that they are one group from the beginning.
        (await fleet.KubectlAsync(fleet.Kubeconfig, "wait", "--for=condition=Ready=false", "cld", "--all", "-n", Place, "--timeout=180s")).MustSucceed();
        // And the silence is known before anything fires.
        await FaultFleet.UntilAsync(async () => await alerts.ReadAsync(Silence, "{.status.state}") == "Active", "the silence is in force");
        (await fleet.KubectlAsync(fleet.Kubeconfig, "apply", "-f", fleet.Write("rule.yaml", Rule))).MustSucceed();
        await FaultFleet.UntilAsync(() => Task.FromResult(!alerts.asked.IsEmpty), "the receiver is asked");
        // Whoever is killed before has the notification for itself until its time is over.
        await FaultFleet.UntilAsync(async () => await alerts.ReadAsync(Receiver, "{.status.failed}") == "1", "the refusal is stored");
        return alerts;
    }

    /// <summary>In a fleet that has started again: the same notification arrives under the same key, of the same group, and neither the silence nor anything else is told.</summary>
    public async Task ArriveAsync()
    {
        var before = asked.Count;
        isMended = true;
        await FaultFleet.UntilAsync(() => Task.FromResult(asked.Count > before), "the receiver is told after the kill");
        await FaultFleet.UntilAsync(async () => await ReadAsync("alertrule/usual", "{.status.firing}") == "3", "all three fire still");
        await FaultFleet.UntilAsync(async () => await ReadAsync(Silence, "{.status.state} {.status.alerts}") == "Active 1", "one is silenced still");
        var all = asked.ToList();
        var (key, first) = all[0];
        Assert.Equal([$"{Place}/one", $"{Place}/two"], first["clusters"]!.AsArray().Select(cluster => (string?)cluster));
        Assert.Equal(key, (string?)first["id"]);
        Assert.All(all, one => Assert.Equal((key, (string?)first["groupKey"], first["alerts"]!.ToJsonString()), (one.Key, (string?)one.Body["groupKey"], one.Body["alerts"]!.ToJsonString())));
    }

    public ValueTask DisposeAsync()
    {
        listener.Close();
        return ValueTask.CompletedTask;
    }

    private async Task<string> ReadAsync(string name, string path) =>
        (await fleet.KubectlAsync(fleet.Kubeconfig, "get", name, "-n", Place, "-o", $"jsonpath={path}")).MustSucceed().Out.Trim();

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                try
                {
                    asked.Enqueue((context.Request.Headers["Idempotency-Key"] ?? "", (JsonObject)(await JsonNode.ParseAsync(context.Request.InputStream))!));
                    context.Response.StatusCode = isMended ? 200 : 503;
                    context.Response.Close();
                }
                catch (Exception e) when (listener.IsListening && e is HttpListenerException or IOException or JsonException)
                {
                    // Who asked was killed meanwhile.
                    continue;
                }
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private static string Manifest(string address) => $$$"""
        {apiVersion: v1, kind: Namespace, metadata: {name: {{{Place}}}}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Receiver
        metadata: {name: hook, namespace: {{{Place}}}}
        spec: {webhook: {url: "{{{address}}}"}}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: AlertRoute
        metadata: {name: everything, namespace: {{{Place}}}}
        spec: {receiver: hook, groupWait: 1s, groupInterval: 1h, repeatInterval: 24h}
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Silence
        metadata: {name: known, namespace: {{{Place}}}}
        spec: {matchers: ['cluster="hushed"'], endsAt: "2126-01-01T00:00:00Z", comment: It is known}
        ---
        {{{Cluster("one")}}}
        ---
        {{{Cluster("two")}}}
        ---
        {{{Cluster("hushed")}}}
        """;

    /// <summary>One that waits for a credential.</summary>
    private static string Cluster(string name) =>
        $$$"""{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ClusterDeployment, metadata: {name: {{{name}}}, namespace: {{{Place}}}}, spec: {template: simulated-standalone-cp-0-1-0, credential: nobody}}""";
}
