using Fleet.Testing.Servers;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>What can only be known later is told by a condition; when the cause goes, everything goes on without anybody touching it.</summary>
public sealed class KnownLaterTests(FaultFleet fleet) : IClassFixture<FaultFleet>
{
    private const string Settings = """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: {{ .Release.Name }} }
        data: { text: {{ .Values.text | quote }} }
        """;

    [Fact]
    public async Task A_template_that_does_not_exist_is_named_and_waited_for()
    {
        await fleet.ApplyAsync(FaultFleet.Team("no-template") + FaultFleet.Cluster("no-template", template: "not-there-1"));
        await fleet.UntilAsync("ClusterDeployment", "no-template", "one", o => o.Tells("TemplateReady", "ClusterTemplate", "not-there-1", "not found") && o.Tells("Ready", "not-there-1"));

        await fleet.ApplyAsync("""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterTemplate
            metadata: { name: not-there-1, namespace: no-template }
            spec: { helm: { chartSpec: { chart: simulated-standalone-cp, version: 0.1.0, sourceRef: { kind: HelmRepository, name: kcm-templates, namespace: kcm-system } } } }
            """);
        await fleet.ReadyAsync("no-template");
    }

    [Fact]
    public async Task A_credential_that_does_not_exist_is_named_and_waited_for()
    {
        await fleet.ApplyAsync(FaultFleet.Team("no-credential") + FaultFleet.Cluster("no-credential", credential: "later"));
        await fleet.UntilAsync("ClusterDeployment", "no-credential", "one", o => o.Tells("CredentialReady", "no-credential/later", "does not exist"));

        await fleet.ApplyAsync("""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Credential
            metadata: { name: later, namespace: no-credential }
            spec: { identityRef: { apiVersion: v1, kind: Secret, name: secret-later } }
            """);
        await fleet.UntilAsync("ClusterDeployment", "no-credential", "one", o => o.Tells("CredentialReady", "secret-later", "not found"));

        await fleet.ApplyAsync("""
            apiVersion: v1
            kind: Secret
            metadata: { name: secret-later, namespace: no-credential }
            stringData: { token: made-up }
            """);
        await fleet.ReadyAsync("no-credential");
    }

    [Fact]
    public async Task A_chart_that_is_not_in_the_repository_is_named_and_used_when_it_is_pushed()
    {
        await using var repository = await HelmHttpRepository.StartAsync();
        await fleet.PublishAsync("other", "1.0.0", Settings, "text: a", repository);
        await fleet.ApplyAsync(FaultFleet.Team("no-chart") + fleet.RepositoryObject("no-chart", address: repository.Address)
            + FaultFleet.ServiceTemplate("no-chart", "missing", "1.0.0") + FaultFleet.ServiceTemplate("no-chart", "other", "9.9.9")
            + FaultFleet.Cluster("no-chart", "{ name: missing, template: missing-1-0-0 }, { name: other, template: other-9-9-9 }"));

        await fleet.UntilAsync("ServiceTemplate", "no-chart", "missing-1-0-0", o => ((string?)o.At("status", "validationError"))?.Contains("has no chart \"missing\"", StringComparison.Ordinal) == true);
        await fleet.UntilAsync("ServiceTemplate", "no-chart", "other-9-9-9", o => ((string?)o.At("status", "validationError"))?.Contains("no version that matches \"9.9.9\"", StringComparison.Ordinal) == true);
        await fleet.UntilAsync("ClusterDeployment", "no-chart", "one", o =>
            o.Failure("missing").Contains("missing-1-0-0", StringComparison.Ordinal) && o.Failure("other").Contains("9.9.9", StringComparison.Ordinal));

        await fleet.PublishAsync("missing", "1.0.0", Settings, "text: a", repository);
        await fleet.PublishAsync("other", "9.9.9", Settings, "text: a", repository);
        await fleet.UntilAsync("ClusterDeployment", "no-chart", "one", o => o.State("missing") == "Deployed" && o.State("other") == "Deployed", seconds: 150);
    }

    [Fact]
    public async Task A_service_that_the_cluster_is_too_old_for_is_held_and_the_others_go_on()
    {
        const string Ns = "later-old";
        await fleet.PublishAsync("modern", "1.0.0", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: \"{{ .Release.Name }}\" }\n");
        var any = FaultFleet.ServiceTemplate(Ns, "modern", "1.0.0");
        var picky = any.Replace("name: modern-1-0-0", "name: picky", StringComparison.Ordinal).Replace("spec: {", "spec: { k8sConstraint: \">= 1.99\",", StringComparison.Ordinal);
        await fleet.ApplyAsync(FaultFleet.Team(Ns) + FaultFleet.Cluster(Ns, "{ name: any, template: modern-1-0-0 }, { name: picky, template: picky }") + picky + any + fleet.RepositoryObject(Ns));
        var held = await fleet.UntilAsync("ClusterDeployment", Ns, "one", o => o.Tells("ServicesCompatible", "service default/picky", "does not satisfy k8s constraint >= 1.99 from the ServiceTemplate later-old/picky")
            && o.Is("Ready", "True") && o.Message("ServicesInReadyState") == "1/2");
        Assert.Equal("Pending", (string?)held.Service("picky")?["state"]);
        Assert.Equal("Deployed", (string?)held.Service("any")?["state"]);

        await fleet.ApplyAsync(FaultFleet.Cluster(Ns, "{ name: any, template: modern-1-0-0 }, { name: picky, template: modern-1-0-0 }"));
        var free = await fleet.UntilAsync("ClusterDeployment", Ns, "one", o => o.Message("ServicesInReadyState") == "2/2");
        Assert.Null(free.Condition("ServicesCompatible"));
    }

    [Fact]
    public async Task A_repository_that_is_down_is_named_and_when_it_is_back_everything_converges()
    {
        await using var repository = await HelmHttpRepository.StartAsync();
        await fleet.PublishAsync("settings", "1.0.0", Settings, "text: a", repository);
        repository.FailWith = 503;
        await fleet.ApplyAsync(FaultFleet.Team("repo-down") + fleet.RepositoryObject("repo-down", address: repository.Address)
            + FaultFleet.ServiceTemplate("repo-down", "settings", "1.0.0") + FaultFleet.Cluster("repo-down", "{ name: settings, template: settings-1-0-0 }"));
        await fleet.UntilAsync("ServiceTemplate", "repo-down", "settings-1-0-0", o =>
            ((string?)o.At("status", "validationError"))?.Contains(repository.Address.Authority, StringComparison.Ordinal) == true
            && ((string?)o.At("status", "validationError"))?.Contains("503", StringComparison.Ordinal) == true);

        repository.FailWith = null;
        await fleet.UntilAsync("ClusterDeployment", "repo-down", "one", o => o.State("settings") == "Deployed", seconds: 120);

        // A template that was good stays good while its repository is away, and so does what runs.
        repository.FailWith = 503;
        await fleet.ApplyAsync(FaultFleet.Cluster("repo-down", "{ name: settings, template: settings-1-0-0, values: \"text: b\" }"));
        await fleet.UntilAsync("ClusterDeployment", "repo-down", "one", o => (long?)o.At("status", "observedGeneration") == o.Metadata.Generation && o.State("settings") == "Deployed");
    }

    [Fact]
    public async Task Any_order_of_apply_converges()
    {
        var seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage("seed {0}", seed);
        var random = new Random(seed);
        await fleet.PublishAsync("ordered", "1.0.0", Settings, "text: a");
        for (var round = 0; round < 4; round++)
        {
            var team = $"order-{round}";
            await fleet.ApplyAsync($$"""{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "{{team}}" } }""");
            // The cluster first, its needs in an order that chance gives.
            string[] rest = [.. FaultFleet.Team(team).Split("---\n").Skip(1).SkipLast(1), fleet.RepositoryObject(team), FaultFleet.ServiceTemplate(team, "ordered", "1.0.0")];
            random.Shuffle(rest);
            await fleet.ApplyAsync(FaultFleet.Cluster(team, "{ name: ordered, template: ordered-1-0-0 }"));
            foreach (var manifest in rest)
                await fleet.ApplyAsync(manifest);
        }
        for (var round = 0; round < 4; round++)
        {
            await fleet.ReadyAsync($"order-{round}");
            await fleet.UntilAsync("ClusterDeployment", $"order-{round}", "one", o => o.State("ordered") == "Deployed");
        }
    }
}
