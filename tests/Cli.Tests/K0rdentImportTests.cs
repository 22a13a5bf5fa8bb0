using Fleet.Cli.Commands.Imports;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Cli.Tests;

/// <summary>k0rdent's objects in the shapes that its API server gives them, and what becomes of each.</summary>
public sealed class K0rdentImportTests
{
    private const string Server = "uid: 6f1e, resourceVersion: '7', generation: 2, creationTimestamp: '2026-01-01T00:00:00Z', managedFields: [{manager: kubectl}], finalizers: [k0rdent.mirantis.com/credential], ownerReferences: [{name: x}]";

    [Fact]
    public void What_fits_is_taken_without_what_the_server_wrote()
    {
        var taken = One("""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ServiceTemplate
            metadata: {name: ingress-nginx-4-11-0, namespace: kcm-system, SERVER, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{}'}}
            spec: {helm: {chartSpec: {chart: ingress-nginx, version: 4.11.0, interval: 10m0s, sourceRef: {kind: HelmRepository, name: k0rdent-catalog}}}}
            status: {valid: true}
            """.Replace("SERVER", Server, StringComparison.Ordinal));
        Assert.Equal((ImportVerdict.AsIs, ""), (taken.Verdict, taken.Why));
        Assert.Equal("""{"name":"ingress-nginx-4-11-0","namespace":"kcm-system"}""", taken.Manifest!["metadata"]!.ToJsonString());
        Assert.Null(taken.Manifest["status"]);
        Assert.Equal("4.11.0", (string?)taken.Manifest["spec"]!["helm"]!["chartSpec"]!["version"]);
    }

    [Fact]
    public void Older_versions_become_the_one_that_is_written()
    {
        var chain = One("{apiVersion: k0rdent.mirantis.com/v1alpha1, kind: ClusterTemplateChain, metadata: {name: aws, namespace: kcm-system}, spec: {supportedTemplates: [{name: aws-1}]}}");
        Assert.Equal((ImportVerdict.Changed, "apiVersion k0rdent.mirantis.com/v1alpha1 became k0rdent.mirantis.com/v1beta1"), (chain.Verdict, chain.Why));
        var repository = One("{apiVersion: source.toolkit.fluxcd.io/v1beta2, kind: HelmRepository, metadata: {name: r, namespace: kcm-system, labels: {k0rdent.mirantis.com/managed: 'true'}}, spec: {url: 'oci://ghcr.io/k0rdent/catalog/charts', type: oci}}");
        Assert.Equal("source.toolkit.fluxcd.io/v1", (string?)repository.Manifest!["apiVersion"]);
        Assert.Equal("true", (string?)repository.Manifest["metadata"]!["labels"]!["k0rdent.mirantis.com/managed"]);
    }

    [Theory]
    [InlineData("Management", "kcm", "components")]
    [InlineData("Release", "kcm-1-12-0", "components")]
    [InlineData("ProviderTemplate", "cluster-api-1-0-0", "catalog")]
    [InlineData("Region", "eu", "anew")]
    [InlineData("SomethingNew", "x", "no such kind")]
    public void What_cannot_be_taken_says_why(string kind, string name, string why)
    {
        var left = One($"{{apiVersion: k0rdent.mirantis.com/v1beta1, kind: {kind}, metadata: {{name: {name}}}, spec: {{}}}}");
        Assert.Equal(ImportVerdict.NotSupported, left.Verdict);
        Assert.Contains(why, left.Why, StringComparison.Ordinal);
        Assert.Null(left.Manifest);
    }

    [Fact]
    public void A_schedule_of_backups_is_taken_and_waits_until_somebody_has_looked_where_it_writes()
    {
        const string Nightly = "{apiVersion: k0rdent.mirantis.com/v1alpha1, kind: ManagementBackup, metadata: {name: kcm}, spec: {schedule: '0 3 * * *', storageLocation: aws-s3, performOnManagementUpgrade: true}, status: {lastBackupName: kcm-20260101030000}}";
        var taken = One(Nightly);
        Assert.Equal(ImportVerdict.Changed, taken.Verdict);
        Assert.Equal("""{"schedule":"0 3 * * *","storageLocation":"aws-s3","performOnManagementUpgrade":true,"suspend":true}""", taken.Manifest!["spec"]!.ToJsonString());
        Assert.Null(taken.Manifest["status"]);
        foreach (var word in (string[])["v1alpha1 became", "spec.suspend is set", "fleet-backup-key", "BackupStorageLocation aws-s3"])
            Assert.Contains(word, taken.Why, StringComparison.Ordinal);
        Assert.Null(Assert.Single(Plan(Nightly, activate: true)).Manifest!["spec"]!["suspend"]);
        Assert.Contains("name spec.bucket", One("{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ManagementBackup, metadata: {name: once}}").Why, StringComparison.Ordinal);
        Assert.Equal(ImportVerdict.NotNeeded, One("{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ManagementBackup, metadata: {name: kcm-r, labels: {k0rdent.mirantis.com/release-backup: kcm-1-10-0}}, spec: {}}").Verdict);
    }

    [Fact]
    public void What_k0rdent_made_is_made_anew_by_Fleet()
    {
        Assert.Equal(ImportVerdict.NotNeeded, One("{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ServiceSet, metadata: {name: web, namespace: team}, spec: {cluster: web}}").Verdict);
        Assert.Equal(ImportVerdict.NotNeeded, One("{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ClusterTemplateChain, metadata: {name: aws, namespace: team, labels: {k0rdent.mirantis.com/managed: 'true'}}, spec: {}}").Verdict);
        Assert.Equal(ImportVerdict.NotSupported, One("{apiVersion: k0rdent.mirantis.com/v1beta1, kind: Credential, metadata: {name: gone, namespace: team, deletionTimestamp: '2026-01-01T00:00:00Z'}, spec: {}}").Verdict);
    }

    [Fact]
    public void A_cluster_with_machines_is_adopted_and_left_alone_until_it_is_activated()
    {
        const string Objects = """
            apiVersion: v1
            kind: Secret
            metadata: {name: web-kubeconfig, namespace: team, uid: abc, labels: {cluster.x-k8s.io/cluster-name: web}}
            data: {value: YXBpVmVyc2lvbjogdjE=}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterDeployment
            metadata: {name: web, namespace: team, labels: {env: prod}, finalizers: [k0rdent.mirantis.com/cluster-deployment]}
            spec:
              template: aws-standalone-cp-1-0-16
              credential: aws-cluster-identity-cred
              propagateCredentials: true
              config: {region: us-east-2, controlPlane: {instanceType: t3.small}}
              serviceSpec: {priority: 100, services: [{template: ingress-nginx-4-11-0, name: ingress, namespace: ingress, values: 'a: b', valuesFrom: [{kind: ConfigMap, name: more}]}]}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: more, namespace: team}
            data: {values: 'c: d'}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: of-nobody, namespace: team}
            data: {}
            """;
        var plan = Plan(Objects);
        Assert.Equal(["ConfigMap more", "Secret web-adopted-kubeconfig", "Credential web", "ClusterDeployment web"], plan.Where(item => item.Manifest is not null).Select(item => $"{item.Kind} {item.Key.Name}"));
        var cluster = plan.Single(item => item.Kind == "ClusterDeployment");
        Assert.Equal(ImportVerdict.Changed, cluster.Verdict);
        Assert.Contains("machines stay", cluster.Why, StringComparison.Ordinal);
        Assert.Contains("spec.config", cluster.Why, StringComparison.Ordinal);
        var spec = cluster.Manifest!["spec"]!;
        Assert.Equal(("adopted-cluster-0-1-0", "web", true), ((string)spec["template"]!, (string)spec["credential"]!, (bool)spec["dryRun"]!));
        Assert.Null(spec["config"]);
        Assert.Equal("ingress", (string?)spec["serviceSpec"]!["services"]![0]!["name"]);
        Assert.Equal("prod", (string?)cluster.Manifest["metadata"]!["labels"]!["env"]);
        Assert.Equal("apiVersion: v1", (string?)plan.Single(item => item.Key.Name == "web-adopted-kubeconfig").Manifest!["stringData"]!["value"]);
        Assert.Null(Plan(Objects, activate: true).Single(item => item.Kind == "ClusterDeployment").Manifest!["spec"]!["dryRun"]);
    }

    [Fact]
    public void A_cluster_without_kubeconfig_is_not_taken_and_an_adopted_one_is_taken_with_its_credential()
    {
        Assert.Equal(ImportVerdict.NotSupported, One("{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ClusterDeployment, metadata: {name: web, namespace: team}, spec: {template: aws-1, credential: c}}").Verdict);
        var plan = Plan("""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ClusterDeployment
            metadata: {name: old, namespace: team}
            spec: {template: adopted-cluster-1-0-1, credential: old-cred, dryRun: true}
            ---
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: Credential
            metadata: {name: old-cred, namespace: team}
            spec: {identityRef: {apiVersion: v1, kind: Secret, name: old-kubeconfig-in, namespace: kcm-system}}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: old-kubeconfig-in, namespace: kcm-system}
            data: {value: YQ==}
            """, activate: true);
        Assert.Equal(["Secret old-kubeconfig-in", "Credential old-cred", "ClusterDeployment old"], plan.Select(item => $"{item.Kind} {item.Key.Name}"));
        Assert.All(plan, item => Assert.Equal(ImportVerdict.AsIs, item.Verdict));
    }

    [Fact]
    public void Identities_come_with_the_Secrets_that_they_name_in_their_own_ways()
    {
        var plan = Plan("""
            apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
            kind: AWSClusterStaticIdentity
            metadata: {name: aws}
            spec: {secretRef: aws-keys, allowedNamespaces: {selector: {matchLabels: {}}}}
            ---
            apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
            kind: VSphereClusterIdentity
            metadata: {name: vs}
            spec: {secretName: vs-keys}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: aws-keys, namespace: kcm-system}
            data: {AccessKeyID: YQ==}
            """);
        Assert.Equal(["Secret aws-keys", "AWSClusterStaticIdentity aws", "VSphereClusterIdentity vs"], plan.Where(item => item.Manifest is not null).Select(item => $"{item.Kind} {item.Key.Name}"));
        Assert.Equal(new ObjectKey("kcm-system", "vs-keys"), plan.Single(item => item.Manifest is null).Key);
    }

    [Fact]
    public void What_is_named_and_lacking_is_told()
    {
        var missing = Plan("{apiVersion: k0rdent.mirantis.com/v1beta1, kind: Credential, metadata: {name: c, namespace: team}, spec: {identityRef: {apiVersion: v1, kind: Secret, name: keys}}}").Single(item => item.Kind == "Secret");
        Assert.Equal((ImportVerdict.NotSupported, new ObjectKey("team", "keys")), (missing.Verdict, missing.Key));
    }

    private static ImportedObject One(string yaml) => Assert.Single(Plan(yaml), item => item.Kind is not ("Secret" or "ConfigMap"));

    private static IReadOnlyList<ImportedObject> Plan(string yaml, bool activate = false) =>
        K0rdentImport.Plan([.. KubernetesYaml.ReadAll(yaml).Select(document => new DynamicObject(document))], "adopted-cluster-0-1-0", activate);
}
