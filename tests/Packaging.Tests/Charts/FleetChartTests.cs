using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Packaging.Tests.Charts;

/// <summary>What must hold for the chart of Fleet with any values.</summary>
public sealed partial class FleetChartTests
{
    private const string Full = "gateway.tlsSecret=web-tls";

    private static readonly string[] Parts = ["cluster-manager", "state-manager", "observability", "gateway", "postgresql"];

    /// <summary>Each with the Secrets that the user brings along.</summary>
    public static TheoryData<string, string[], string[]> Variants => new()
    {
        { "3.18.0", [], [] },
        { "4.1.4", [], [] },
        { "3.18.0", ["postgresql.existingSecret=own", "postgresql.existingSecretKey=dsn"], ["own"] },
        { "3.18.0", ["postgresql.bundled.enabled=false", "postgresql.existingSecret=own"], ["own"] },
        { "3.18.0", ["gateway.enabled=false", "catalog.enabled=false", "crds.upgrade=false", "networkPolicy.enabled=false", "podDisruptionBudget.enabled=false"], [] },
        { "3.18.0", ["clusterManager.webhook=false", "clusterManager.extraApiGroups={vcluster.x-k8s.io}"], [] },
        { "4.1.4", [Full, "ingress.enabled=true", "ingress.host=fleet.example.com", "ingress.tlsSecret=edge-tls", "serviceMonitor.enabled=true", "dashboards.enabled=true"], ["web-tls", "edge-tls"] },
        { "3.18.0", ["observability.metricsStore.url=http://vm:8428/api/v1/write", "observability.metricsStore.tokenSecret=store", "observability.queue.size=10Gi", "observability.queue.storageClass=fast"], ["store"] },
        { "3.18.0", ["observability.metricsStore.url=http://vm:8428/api/v1/write", "observability.metricsStore.queryUrl=http://select", "observability.metricsStore.window=1h", "observability.externalAddress=https://f.example.com"], [] },
        { "3.18.0", ["image.registry=registry.example.com", "image.tag=9.9.9", "image.pullSecrets={pull}", "priorityClassName=high", "nodeSelector.disk=ssd", "podAnnotations.a=b"], ["pull"] },
        { "3.18.0", ["clusterManager.backups.size=50Gi", "clusterManager.backups.storageClass=nfs", "gateway.replicas=1"], [] },
        { "4.1.4", ["oidc.issuerUrl=https://login.example.com", "oidc.clientId=fleet", "oidc.clientSecret=client", "oidc.externalUrl=https://f.example.com"], ["client"] },
        { "3.18.0", ["tls.enabled=false"], [] },
        { "4.1.4", ["tls.existingSecret=all-tls", "catalog.url=https://charts.example.com"], ["all-tls"] },
        { "3.18.0", ["tls.certManager.enabled=true", "tls.certManager.issuerRef.name=inside", "tls.authority=-----BEGIN CERTIFICATE-----"], [.. Parts.Select(part => $"fleet-{part}-tls")] },
        { "3.18.0", ["clusterManager.pools.europe.replicas=2", "observability.pools.europe.replicas=1", "observability.pools.lab.tag=v2", "pins[0].pool=europe", "pins[0].region=eu-west", "serviceMonitor.enabled=true"], [] },
        { "3.18.0", ["clusterManager.environment.FLEET_DEADLINE_WHOLE=2h", "networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.name=monitoring", "networkPolicy.clientsFrom[0].namespaceSelector.matchLabels.name=edge"], [] },
    };

    [Theory, MemberData(nameof(Variants))]
    public void Every_variant_is_sound(string helm, string[] values, string[] secretsOfTheUser)
    {
        var chart = RenderedChart.Of(helm, values);
        var names = chart.Objects.Select(item => $"{item["apiVersion"]}/{item["kind"]}/{item["metadata"]!["namespace"]}/{RenderedChart.Name(item)}").ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.NotEmpty(chart.Pods());
        foreach (var (name, labels, pod) in chart.Pods())
        {
            PodIsHardened(name, pod);
            SecretsExist(chart, secretsOfTheUser, name, pod);
            if (chart.Of("NetworkPolicy").Any() && name != "fleet-definitions")
                Assert.True(chart.Of("NetworkPolicy").Any(policy => RenderedChart.Selects(policy["spec"]!["podSelector"]!["matchLabels"]!, labels)), $"no NetworkPolicy is for {name}");
            // A pod that has two budgets cannot be evicted at all.
            if (chart.Of("PodDisruptionBudget").Any() && name is not ("fleet-definitions" or "fleet-postgresql"))
                Assert.True(chart.Of("PodDisruptionBudget").Count(budget => RenderedChart.Selects(budget["spec"]!["selector"]!["matchLabels"]!, labels)) == 1, $"not one PodDisruptionBudget is for {name}");
        }

        foreach (var service in chart.Of("Service"))
            ServiceReachesAPod(chart, service);
        foreach (var binding in chart.Of("ClusterRoleBinding"))
        {
            var role = (string)binding["roleRef"]!["name"]!;
            Assert.True(role == "cluster-admin" || chart.Has("ClusterRole", role), $"{RenderedChart.Name(binding)} names {role}");
            Assert.All(binding["subjects"]!.AsArray(), subject => Assert.True(chart.Has("ServiceAccount", (string)subject!["name"]!)));
        }
        foreach (var role in chart.Of("ClusterRole"))
            foreach (var rule in role["rules"]?.AsArray() ?? [])
            {
                Assert.DoesNotContain("*", RenderedChart.Texts(rule!["verbs"]));
                Assert.DoesNotContain("*", RenderedChart.Texts(rule["apiGroups"]));
                Assert.DoesNotContain(RenderedChart.Texts(rule["verbs"]), verb => verb is "impersonate" or "escalate" or "bind");
            }
        foreach (var ingress in chart.Of("Ingress"))
            Assert.True(chart.Has("Service", (string)ingress["spec"]!["rules"]![0]!["http"]!["paths"]![0]!["backend"]!["service"]!["name"]!));
    }

    [Fact]
    public void There_is_no_default_password_and_every_installation_gets_its_own()
    {
        var passwords = Enumerable.Range(0, 2).Select(_ => RenderedChart.Of("3.18.0").Of("Secret").Single(secret => RenderedChart.Name(secret) == "fleet-database"))
            .Select(secret => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)secret["data"]!["password"]!))).ToList();
        Assert.NotEqual(passwords[0], passwords[1]);
        Assert.All(passwords, password => Assert.True(password.Length >= 32));
        Assert.DoesNotMatch(PasswordInValues(), Repository.Read("deploy", "helm", "fleet", "values.yaml"));
    }

    [Fact]
    public void Administrators_rights_are_only_given_where_they_are_asked_for()
    {
        Assert.DoesNotContain(RenderedChart.Of("3.18.0").Of("ClusterRoleBinding"), IsAdministrator);
        var wide = RenderedChart.Of("3.18.0", "clusterManager.installsProviders=true", "stateManager.selfManagement=true").Of("ClusterRoleBinding").Where(IsAdministrator);
        Assert.Equal(["fleet-cluster-manager", "fleet-state-manager"], wide.Select(binding => (string)binding["subjects"]![0]!["name"]!).Order(StringComparer.Ordinal));

        static bool IsAdministrator(JsonObject binding) => (string?)binding["roleRef"]!["name"] == "cluster-admin";
    }

    [Theory]
    [InlineData("", null, false)]
    [InlineData("clusterManager.backups.size=50Gi", "fleet-backups", true)]
    [InlineData("clusterManager.backups.existingClaim=nfs", "nfs", false)]
    [InlineData("clusterManager.backups.size=50Gi,clusterManager.backups.existingClaim=nfs", "nfs", false)]
    public void Archives_have_a_volume_where_one_is_asked_for_and_it_stays(string value, string? claim, bool made)
    {
        var chart = value.Length == 0 ? RenderedChart.Of("3.18.0") : RenderedChart.Of("3.18.0", value);
        var pod = chart.Pods().Single(candidate => candidate.Name == "fleet-cluster-manager").Spec;
        Assert.Equal(claim, (string?)pod["volumes"]!.AsArray().SingleOrDefault(volume => (string)volume!["name"]! == "backups")?["persistentVolumeClaim"]!["claimName"]);
        var mount = pod["containers"]![0]!["volumeMounts"]!.AsArray().SingleOrDefault(mounted => (string)mounted!["name"]! == "backups");
        Assert.Equal(claim is null ? [] : [$"--backups={mount!["mountPath"]}"], RenderedChart.Texts(pod["containers"]![0]!["args"]).Where(argument => argument.StartsWith("--backups", StringComparison.Ordinal)));
        Assert.Equal(made ? ["keep"] : [], chart.Of("PersistentVolumeClaim").Where(item => RenderedChart.Name(item) == "fleet-backups").Select(item => (string)item["metadata"]!["annotations"]!["helm.sh/resource-policy"]!));
    }

    [Theory]
    [InlineData(1, "maxUnavailable")]
    [InlineData(2, "minAvailable")]
    [InlineData(5, "minAvailable")]
    public void A_drained_node_is_let_go_and_of_several_pods_one_stays(int replicas, string field)
    {
        var chart = RenderedChart.Of("3.18.0", $"gateway.replicas={replicas}", $"clusterManager.replicas={replicas}", $"stateManager.replicas={replicas}", $"observability.replicas={replicas}");
        foreach (var budget in chart.Of("PodDisruptionBudget"))
        {
            var deployment = chart.Of("Deployment").Single(item => RenderedChart.Name(item) == RenderedChart.Name(budget));
            Assert.Equal(replicas, (long)deployment["spec"]!["replicas"]!);
            Assert.Equal(1L, (long)budget["spec"]![field]!);
        }
    }

    [Fact]
    public void Replicas_are_told_who_they_are_and_where_and_may_share_the_clusters_and_no_more()
    {
        var chart = RenderedChart.Of("3.18.0", "clusterManager.replicas=3");
        foreach (var service in (string[])["cluster-manager", "state-manager", "observability"])
        {
            var container = chart.Pods().Single(candidate => candidate.Name == $"fleet-{service}").Spec["containers"]![0]!;
            Assert.Equal(
                ["--replica=$(POD_NAME)", "--replica-namespace=kcm-system", "--replica-address=$(POD_IP)", "--replica-port=8090"],
                RenderedChart.Texts(container["args"]).Where(argument => argument.StartsWith("--replica", StringComparison.Ordinal)));
            Assert.Contains(container["ports"]!.AsArray(), port => (long)port!["containerPort"]! == 8090);
            var role = chart.Of("Role").Single(item => RenderedChart.Name(item) == $"fleet-{service}-replicas");
            Assert.Equal([$"fleet-{service}-owners"], role["rules"]!.AsArray().SelectMany(rule => RenderedChart.Texts(rule!["resourceNames"])));
            Assert.Equal("RollingUpdate", (string)chart.Of("Deployment").Single(item => RenderedChart.Name(item) == $"fleet-{service}")["spec"]!["strategy"]!["type"]!);
        }
        // A volume for one pod cannot be where the old pod and the new one are.
        Assert.Equal("Recreate", (string)RenderedChart.Of("3.18.0", "clusterManager.backups.size=50Gi").Of("Deployment").Single(item => RenderedChart.Name(item) == "fleet-cluster-manager")["spec"]!["strategy"]!["type"]!);
    }

    /// <summary>Numbers of a file of values have no integers for helm, which would write a large one as 1e+06.</summary>
    [Fact]
    public void A_variable_has_the_number_that_was_given()
    {
        var (_, output, _) = Repository.Run(
            Repository.Helm("3.18.0"), "template", "fleet", Repository.Path("deploy", "helm", "fleet"), "--set-json", """clusterManager.environment={"FLEET_A":1000000,"FLEET_B":0.5,"FLEET_C":"07","FLEET_D":true}""");
        Assert.Equal(
            ["FLEET_A=1000000", "FLEET_B=0.5", "FLEET_C=07", "FLEET_D=true"],
            new RenderedChart([.. KubernetesYaml.ReadAll(output)]).Pods().Single(pod => pod.Name == "fleet-cluster-manager").Spec["containers"]![0]!["env"]!.AsArray()
                .Where(variable => ((string)variable!["name"]!).StartsWith("FLEET_", StringComparison.Ordinal)).Select(variable => $"{variable!["name"]}={variable["value"]}"));
    }

    [Theory]
    [InlineData("clusterManger.webhook=true", "clusterManger")]
    [InlineData("image.pullPolicy=Sometimes", "pullPolicy")]
    [InlineData("observability.queue.size=plenty", "queue")]
    [InlineData("networkPolicy.blockedAddresses={everything}", "blockedAddresses")]
    [InlineData("clusterManager.backups.size=much", "backups")]
    [InlineData("clusterManager.replicas=0", "replicas")]
    [InlineData("clusterManager.replicas=2,clusterManager.backups.size=50Gi", "backups.existingClaim")]
    [InlineData("observability.replicas=2,observability.metricsStore.url=http://vm:8428/api/v1/write,observability.queue.size=10Gi", "observability.queue.size")]
    [InlineData("gateway.replicas=0", "replicas")]
    [InlineData("postgresql.bundled.enabled=false", "a database is needed")]
    [InlineData("ingress.enabled=true", "ingress.host")]
    [InlineData("oidc.issuerUrl=http://login.example.com", "issuerUrl")]
    [InlineData("oidc.issuer=https://login.example.com", "issuer")]
    [InlineData("oidc.signingAlgs={none}", "signingAlgs")]
    [InlineData("tls.existingSecret=all", "tls.authority")]
    [InlineData("tls.existingSecret=all,tls.certManager.enabled=true", "choose one")]
    [InlineData("tls.certManager.enabled=true", "tls.certManager.issuerRef.name")]
    [InlineData("tls.authority=nobody", "authority")]
    [InlineData("tls.enable=false", "enable")]
    [InlineData("oidc.issuerUrl=https://login.example.com", "oidc.clientId")]
    [InlineData("oidc.issuerUrl=https://login.example.com,oidc.clientId=fleet", "oidc.externalUrl")]
    public void Wrong_values_are_refused_by_name(string value, string said)
    {
        var (code, _, error) = RenderedChart.Render("3.18.0", value);
        Assert.NotEqual(0, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Theory, InlineData("3.18.0"), InlineData("4.1.4")]
    public void Helm_lints_it_and_packs_what_the_links_lead_to(string helm)
    {
        var folder = Directory.CreateTempSubdirectory("fleet-chart");
        try
        {
            var chart = Repository.Path("deploy", "helm", "fleet");
            var (code, output, error) = Repository.Run(Repository.Helm(helm), "lint", "--strict", chart);
            Assert.True(code == 0, output + error);
            (code, output, error) = Repository.Run(Repository.Helm(helm), "package", chart, "-d", folder.FullName);
            Assert.True(code == 0, output + error);
            var files = Repository.Run("tar", "tzf", Directory.GetFiles(folder.FullName).Single()).Out.Split('\n');
            var definitions = Directory.GetFiles(Repository.Path("deploy", "crds")).Length + Directory.GetFiles(Repository.Path("deploy", "crds-foreign")).Length;
            Assert.Equal(definitions, files.Count(file => file.StartsWith("fleet/crds/", StringComparison.Ordinal) && file.EndsWith(".yaml", StringComparison.Ordinal)));
            Assert.Contains("fleet/files/grafana/fleet.json", files);
            Assert.Contains("fleet/files/catalog/repositories.yaml", files);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>fleetd gives these two accounts to a cluster that it starts itself; the chart gives the same.</summary>
    [Fact]
    public void The_accounts_of_CLI_and_console_are_those_that_fleetd_makes()
    {
        var text = "# What fleetd gives the accounts of the CLI and of the console (src/Fleet/Catalog/ManagementSeed.cs). Made by FLEET_UPDATE_CHART=1; a test compares.\n"
            + string.Concat(Account().Matches(Repository.Read("src", "Fleet", "Catalog", "ManagementSeed.cs")).Select(account =>
                account.Groups[1].Value + ":\n" + string.Concat(account.Groups[2].Value.Split('\n').Select(rule => $"  {rule.Trim().Replace("{{OwnGroup}}", "k0rdent.mirantis.com", StringComparison.Ordinal)}\n"))));
        var file = Repository.Path("deploy", "helm", "fleet", "files", "accounts.yaml");
        if (Environment.GetEnvironmentVariable("FLEET_UPDATE_CHART") is { Length: > 0 })
            File.WriteAllText(file, text);
        Assert.Contains("fleet-console:\n  - {", text, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(file));
    }

    private static void PodIsHardened(string name, JsonObject pod)
    {
        var ofPod = pod["securityContext"]!;
        Assert.True((bool?)ofPod["runAsNonRoot"], name);
        Assert.True((long?)ofPod["runAsUser"] > 0, name);
        Assert.Equal("RuntimeDefault", (string?)ofPod["seccompProfile"]!["type"]);
        Assert.NotNull(pod["serviceAccountName"]);
        Assert.NotNull(pod["automountServiceAccountToken"]);
        foreach (var forbidden in (string[])["hostNetwork", "hostPID", "hostIPC"])
            Assert.Null(pod[forbidden]);
        Assert.DoesNotContain(pod["volumes"]!.AsArray(), volume => volume!["hostPath"] is not null);
        foreach (var container in pod["containers"]!.AsArray())
        {
            var context = container!["securityContext"]!;
            Assert.False((bool)context["allowPrivilegeEscalation"]!);
            Assert.True((bool)context["readOnlyRootFilesystem"]!);
            Assert.False((bool)context["privileged"]!);
            Assert.Equal(["ALL"], RenderedChart.Texts(context["capabilities"]!["drop"]));
            Assert.Null(context["capabilities"]!["add"]);
            Assert.NotNull(container["resources"]!["limits"]!["memory"]);
            Assert.NotNull(container["resources"]!["requests"]!["cpu"]);
            Assert.DoesNotMatch(PasswordInText(), container["args"]?.ToJsonString() ?? "");
            if (name != "fleet-definitions")
            {
                Assert.NotNull(container["livenessProbe"]);
                Assert.NotNull(container["readinessProbe"]);
            }
            var mounts = container["volumeMounts"]!.AsArray().Select(mount => (string)mount!["name"]!).ToList();
            var volumes = pod["volumes"]!.AsArray().Select(volume => (string)volume!["name"]!).ToList();
            Assert.All(mounts, mount => Assert.True(volumes.Contains(mount) || name == "fleet-postgresql" && mount == "data", $"{name} mounts {mount}"));
            Assert.All(volumes, volume => Assert.Contains(volume, mounts));
        }
    }

    private static void SecretsExist(RenderedChart chart, string[] brought, string name, JsonObject pod)
    {
        foreach (var volume in pod["volumes"]!.AsArray())
        {
            foreach (var source in volume!["projected"]?["sources"]?.AsArray() ?? [])
            {
                Assert.True(source!["secret"] is null || brought.Contains((string)source["secret"]!["name"]!), $"{name} mounts {source}");
                if (source["configMap"] is { } given)
                    Assert.All(given["items"]!.AsArray(), item => Assert.NotNull(chart.Of("ConfigMap").Single(made => RenderedChart.Name(made) == (string)given["name"]!)["data"]![(string)item!["key"]!]));
            }
            if ((string?)volume["secret"]?["secretName"] is { } secret)
            {
                var made = chart.Of("Secret").FirstOrDefault(item => RenderedChart.Name(item) == secret);
                Assert.True(made is not null || brought.Contains(secret), $"{name} mounts the Secret {secret}, which nobody makes");
                foreach (var item in volume["secret"]!["items"]?.AsArray() ?? [])
                    Assert.True(made is null || made["data"]![(string)item!["key"]!] is not null);
            }
            if ((string?)volume["configMap"]?["name"] is { } map)
                Assert.True(chart.Has("ConfigMap", map), $"{name} mounts the ConfigMap {map}, which nobody makes");
            if ((string?)volume["persistentVolumeClaim"]?["claimName"] is { } claim)
                Assert.True(chart.Has("PersistentVolumeClaim", claim));
        }
        foreach (var container in pod["containers"]!.AsArray())
            Assert.DoesNotContain(container!["env"]?.AsArray() ?? [], variable => variable!["valueFrom"]?["secretKeyRef"] is not null);
        Assert.All(pod["imagePullSecrets"]?.AsArray() ?? [], secret => Assert.Contains((string)secret!["name"]!, brought));
        Assert.True(chart.Has("ServiceAccount", (string)pod["serviceAccountName"]!));
    }

    private static void ServiceReachesAPod(RenderedChart chart, JsonObject service)
    {
        var reached = chart.Pods().Where(candidate => RenderedChart.Selects(service["spec"]!["selector"]!, candidate.Labels)).ToList();
        Assert.Contains(reached, pod => pod.Name == RenderedChart.Name(service));
        foreach (var (name, _, pod) in reached)
        {
            var ports = pod["containers"]!.AsArray().SelectMany(container => container!["ports"]?.AsArray() ?? []).Select(port => (string)port!["name"]!).ToList();
            Assert.All(service["spec"]!["ports"]!.AsArray(), port => Assert.True(ports.Contains((string)port!["targetPort"]!), $"{name} has no port {port["targetPort"]}"));
        }
    }

    [GeneratedRegex("(?i)password: *[^ \\n]")]
    private static partial Regex PasswordInValues();

    [GeneratedRegex("(?i)password=")]
    private static partial Regex PasswordInText();

    [GeneratedRegex("AccountAsync\\(\"([a-z-]+)\", @namespace,\\s*\\$\\$\"\"\"\\n(.*?)\\n\\s*\"\"\"", RegexOptions.Singleline)]
    private static partial Regex Account();
}
