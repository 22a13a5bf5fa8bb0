using System.Text.Json;
using Fleet.Testing.Servers;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>A canary in a Secret of each kind that Fleet reads, and an object that has it read. Where nobody listens, what went wrong is written down in many places.</summary>
internal static class CanaryManifests
{
    /// <summary>The discard port: connections are refused.</summary>
    private const string Nobody = "127.0.0.1:1";

    /// <summary>Where each of them is planted is below.</summary>
    public static readonly string[] Planted =
    [
        "canary-identity-5f1c", "canary-aws-9d2e", "Canary_Values_77ab", "canary-repository-c3d4", "canary-bearer-1b7e", "canary-slack-83fa", "canary-teams-02bd", "canary-pager-6e91", "canary-mail-f04c",
        "canary-signature-2a5d", "canary-alertmanager-d7c3", "canary-backup-key-b816", "canary-backup-bucket-40e9", "canary-bills-bucket-95af", "canary-git-password-e2d8", "canary-oci-password-71c6",
        "canary-charts-bucket-3b0f", "canary-database-c59a", "canary-oidc-client-a6e7",
    ];

    /// <summary>Names of the receivers.</summary>
    public static readonly string[] Receivers = ["webhook", "slack", "teams", "pager", "mail", "alertmanager"];

    public static string ChartsPassword => Planted[3];

    public static string GitPassword => Planted[14];

    /// <summary>Not in a Secret, but in a file beside the settings of the provider.</summary>
    public static string OidcClient => Planted[18];

    public static string All(Uri charts, GitHttpServer git) => Clusters(charts, git) + Alerts + Stores(charts);

    public static string Secret(string name, string data, string @namespace = "canaries") => $$"""
        apiVersion: v1
        kind: Secret
        metadata: { name: {{name}}, namespace: {{@namespace}} }
        stringData: { {{data}} }
        ---

        """;

    /// <summary>Values that nothing can read: what is told of it must not quote them.</summary>
    public static string BrokenValues => Secret("broken", $"values: '{{ {Planted[2]}: ['");

    private static string Clusters(Uri charts, GitHttpServer git) => FaultFleet.Team("canaries").Replace("made-up", Planted[0], StringComparison.Ordinal)
        + Secret("aws", $"SecretAccessKey: {Planted[1]}, AccessKeyID: canary-aws-id")
        + Secret("values", $"values: 'secretName: {Planted[2]}'")
        + Secret("broken", "values: 'secretName: fine-too'")
        + Secret("repository", $"username: charts-user, password: {Planted[3]}")
        + Secret("git", $"username: git-user, password: {GitPassword}, ca.crt: {JsonSerializer.Serialize(git.Authority)}")
        + $$"""
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: { name: charts, namespace: canaries }
        spec: { url: "{{charts}}", interval: 10m, secretRef: { name: repository } }
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: GitRepository
        metadata: { name: git, namespace: canaries }
        spec: { url: "{{git.Address}}charts.git", interval: 10m, ref: { branch: main }, secretRef: { name: git } }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceTemplate
        metadata: { name: from-git, namespace: canaries }
        spec: { helm: { chartSpec: { chart: ./quoting, sourceRef: { kind: GitRepository, name: git } } } }
        ---

        """ + FaultFleet.ServiceTemplate("canaries", "quoting", "1.0.0")
        + FaultFleet.Cluster("canaries", """
            { name: fine, namespace: fine, template: quoting-1-0-0 },
            { name: git, namespace: git, template: from-git },
            { name: quoting, namespace: quoting, template: quoting-1-0-0, valuesFrom: [{ kind: Secret, name: values }] },
            { name: broken, namespace: broken, template: quoting-1-0-0, valuesFrom: [{ kind: Secret, name: broken }] }
            """);

    private static string Alerts => Secret(
            "told", $"bearer: {Planted[4]}, slack: 'http://{Nobody}/{Planted[5]}', teams: 'http://{Nobody}/{Planted[6]}', pager: {Planted[7]}, mail: {Planted[8]}, signature: {Planted[9]}, alertmanager: {Planted[10]}")
        + Receiver("webhook", $$"""webhook: { url: "http://{{Nobody}}/", bearerTokenSecret: { name: told, key: bearer }, signingSecret: { name: told, key: signature } }""")
        + Receiver("slack", "slack: { urlSecret: { name: told, key: slack } }")
        + Receiver("teams", "msTeams: { urlSecret: { name: told, key: teams } }")
        + Receiver("pager", $$"""pagerDuty: { url: "http://{{Nobody}}/", routingKeySecret: { name: told, key: pager } }""")
        + Receiver("mail", "email: { host: 127.0.0.1, port: 1, from: a@example.org, to: [b@example.org], username: fleet, passwordSecret: { name: told, key: mail } }")
        + Receiver("alertmanager", $$"""alertmanager: { urls: ["http://{{Nobody}}"], bearerTokenSecret: { name: told, key: alertmanager } }""");

    /// <summary>Backups that can be written and that cannot, exports, sources and a database that do not answer.</summary>
    private static string Stores(Uri charts) => Secret("fleet-backup-key", $"passphrase: {Planted[11]}", "kcm-system")
        + Secret("backup-bucket", $"accesskey: canary-backup-id, secretkey: {Planted[12]}", "kcm-system")
        + Secret("bills", $"accesskey: canary-bills-id, secretkey: {Planted[13]}")
        + Secret("oci", $"username: oci-user, password: {Planted[15]}")
        + Secret("bucket", $"accesskey: canary-bucket-id, secretkey: {Planted[16]}")
        + Secret("database", $"username: postgres, password: {Planted[17]}")
        + $$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ManagementBackup
        metadata: { name: kept }
        spec: { folder: kept }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ManagementBackup
        metadata: { name: lost }
        spec: { bucket: { endpoint: "{{Nobody}}", name: backups, insecure: true, secretRef: { name: backup-bucket } } }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: CostExport
        metadata: { name: bills, namespace: canaries }
        spec: { bucket: { endpoint: "{{Nobody}}", name: bills, insecure: true, secretRef: { name: bills } } }
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: Bucket
        metadata: { name: bucket, namespace: canaries }
        spec: { endpoint: "{{Nobody}}", bucketName: charts, insecure: true, interval: 10m, secretRef: { name: bucket } }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceTemplate
        metadata: { name: from-bucket, namespace: canaries }
        spec: { helm: { chartSpec: { chart: ./quoting, sourceRef: { kind: Bucket, name: bucket } } } }
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: OCIRepository
        metadata: { name: oci, namespace: canaries }
        spec: { url: "oci://{{charts.Authority}}/quoting", insecure: true, interval: 10m, secretRef: { name: oci } }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ServiceTemplate
        metadata: { name: from-oci, namespace: canaries }
        spec: { helm: { chartRef: { kind: OCIRepository, name: oci } } }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: DataSource
        metadata: { name: database, namespace: canaries }
        spec: { type: postgresql, endpoints: ["{{Nobody}}"], auth: { username: { name: database, key: username }, password: { name: database, key: password } } }
        ---
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: { name: hosted, namespace: canaries }
        spec: { template: simulated-standalone-cp-0-1-0, credential: simulated, dataSource: database }
        ---

        """;

    private static string Receiver(string name, string spec) => $$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: Receiver
        metadata: { name: {{name}}, namespace: canaries }
        spec: { {{spec}} }
        ---

        """;
}
