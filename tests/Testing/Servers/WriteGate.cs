using System.Text;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Testing.Servers;

/// <summary>
/// A validating webhook of a real API server that holds one write, so that a test knows that somebody is about to change an object and has not yet. The
/// write that was held is refused in the end.
/// </summary>
public sealed class WriteGate : IAsyncDisposable
{
    private static readonly ResourceKind Configurations =
        new("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", Namespaced: false);

    private readonly TestCertificates certificates = TestCertificates.ForLoopback();
    private WebApplication? app;
    private volatile HeldWrite? held;

    /// <param name="cluster">With the rights of an administrator.</param>
    /// <param name="kind">Whose creations and updates are seen.</param>
    /// <param name="ct">Ends the start.</param>
    public static async Task<WriteGate> StartAsync(IKubernetesClient cluster, ResourceKind kind, CancellationToken ct)
    {
        var gate = new WriteGate();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(gate.certificates.Server)));
        gate.app = builder.Build();
        gate.app.Run(gate.AnswerAsync);
        await gate.app.StartAsync(ct);
        await cluster.Dynamic(Configurations).CreateAsync(new((JsonObject)JsonNode.Parse($$"""
            {"apiVersion": "{{Configurations.ApiVersion}}", "kind": "{{Configurations.Kind}}", "metadata": {"name": "write-gate"},
             "webhooks": [{"name": "gate.fleet.test", "admissionReviewVersions": ["v1"], "sideEffects": "None", "failurePolicy": "Fail", "timeoutSeconds": 30,
               "clientConfig": {"url": "{{gate.app.Urls.First()}}", "caBundle": "{{Convert.ToBase64String(Encoding.UTF8.GetBytes(gate.certificates.AuthorityPem))}}"},
               "rules": [{"apiGroups": ["{{kind.Group}}"], "apiVersions": ["{{kind.Version}}"], "resources": ["{{kind.Plural}}"], "operations": ["CREATE", "UPDATE"]}]}]}
            """)!), ct);
        return gate;
    }

    /// <summary>The next write, dry runs aside, of an object that is as asked for.</summary>
    public HeldWrite Hold(Func<JsonObject, bool> isIt) => held = new HeldWrite(isIt);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        held?.Refuse();
        if (app is not null)
            await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var review = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        var request = (JsonObject)review["request"]!;
        var isHeld = (bool?)request["dryRun"] != true && request["object"] is JsonObject written && held?.Takes(written) == true;
        if (isHeld)
            await held!.Refused;
        await context.Response.WriteAsJsonAsync(new JsonObject
        {
            ["apiVersion"] = "admission.k8s.io/v1",
            ["kind"] = "AdmissionReview",
            ["response"] = new JsonObject { ["uid"] = request["uid"]!.DeepClone(), ["allowed"] = !isHeld },
        });
    }

    /// <summary>A write that does not come through.</summary>
    public sealed class HeldWrite(Func<JsonObject, bool> isIt)
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Somebody is about to write.</summary>
        public Task Reached => reached.Task;

        internal Task Refused => refused.Task;

        /// <summary>The write is refused, and later ones go through.</summary>
        public void Refuse() => refused.TrySetResult();

        internal bool Takes(JsonObject written)
        {
            if (refused.Task.IsCompleted || !isIt(written))
                return false;
            reached.TrySetResult();
            return true;
        }
    }
}
