using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.DataSources;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.Servers;
using Npgsql;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;
using static Fleet.Integration.Tests.ClusterManager.ReferencedFleet;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>Databases of hosted control planes on a real PostgreSQL that wants passwords and TLS.</summary>
public sealed class DataSourceTests : IAsyncLifetime
{
    private const string Password = "only-the-administrator-knows";

    private static readonly ResourceKind Planes = new("controlplane.cluster.x-k8s.io", "v1beta2", "K0smotronControlPlane", "k0smotroncontrolplanes", Namespaced: true);

    private readonly TestCertificates certificates = TestCertificates.ForLoopback();
    private PrivatePostgres postgres = null!;

    public async ValueTask InitializeAsync()
    {
        postgres = await PrivatePostgres.StartAsync();
        await postgres.SecureAsync(Password, certificates);
        // What a managed PostgreSQL gives: no superuser.
        await QueryAsync(Superuser(), $"CREATE ROLE limited LOGIN CREATEDB CREATEROLE PASSWORD '{Password}'");
    }

    public ValueTask DisposeAsync() => postgres.DisposeAsync();

    [Fact]
    public async Task A_hosted_control_plane_gets_a_database_of_its_own_and_it_goes_with_the_cluster()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(Hosted("edge"));
        await management.ApplyAsync(Credential("remote", "value: \"-----BEGIN OPENSSH PRIVATE KEY-----\\nbm9uZQ==\\n-----END OPENSSH PRIVATE KEY-----\\n\""));
        var held = await management.UntilAsync("edge", cluster => cluster.Find(DataSourceReady)?.Status == ConditionStatus.False);
        Assert.Equal($"failed to get DataSource {Namespace}/pg: it does not exist", held.Find(DataSourceReady)!.Message);

        await management.ApplyAsync(Source("pg"));
        // Each thing that is missing is said by name, until it is there.
        await management.UntilAsync("edge", cluster => cluster.Find(ClusterDataSourceReady)?.Message.Contains($"Secret {Namespace}/pg-admin does not exist", StringComparison.Ordinal) == true);
        await management.ApplyAsync(Admin("wrong", "limited"));
        await management.ApplyAsync(Secret("pg-ca", "root.pem", certificates.AuthorityPem));
        var refused = await management.UntilAsync("edge", cluster => cluster.Find(ClusterDataSourceReady)?.Message.Contains("password authentication failed", StringComparison.Ordinal) == true);
        Assert.DoesNotContain("wrong", refused.Find(ClusterDataSourceReady)!.Message, StringComparison.Ordinal);
        Assert.Null(await management.GetAsync(SimulatedFleet.Clusters, "edge"));
        await management.ApplyAsync(Admin(Password, "limited"));
        var ready = await management.ReadyAsync("edge");

        var database = (await DatabaseAsync(management, "edge"))!;
        Assert.Matches("^mon_organisation_edge_[a-z0-9]{5}$", database.Spec.Schema);
        Assert.Equal((true, "edge-kine", "edge-kine-ca", null), (database.Status!.Ready, database.Status.KineDataSourceSecret, database.Status.CaSecret, database.Status.Error));
        Assert.Equal(
            """{"kineDataSourceSecretName":"edge-kine","caSecret":{"name":"edge-kine-ca","key":"root.pem"}}""", ready.Status!.EffectiveConfig!["dataSource"]!.ToJsonString());
        var plane = await management.GetAsync(Planes, "edge-cp");
        Assert.Equal("edge-kine", (string?)plane!.At("spec", "storage", "kine", "dataSourceSecretName"));
        Assert.Contains((JsonArray)plane.At("spec", "mounts")!, mount => (string?)mount!["secret"]?["secretName"] == "edge-kine-ca");

        // The control plane can use it, and nobody else's can.
        var url = new Uri((await management.SecretTextAsync("edge-kine", "K0SMOTRON_KINE_DATASOURCE_URL"))!);
        Assert.Equal($"?sslmode=verify-full&sslrootcert=/var/lib/k0s/kine-ca/ca.crt", url.Query);
        await QueryAsync(Login(url), "CREATE TABLE kine (id int)");
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => QueryAsync(Login(url, "postgres"), "CREATE DATABASE mine"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        await QueryAsync(Superuser(), "CREATE ROLE neighbour LOGIN PASSWORD 'n'");
        await Assert.ThrowsAsync<PostgresException>(() => QueryAsync($"Host=127.0.0.1;Port={postgres.Port};Username=neighbour;Password=n;Database={database.Spec.Schema};Pooling=false", "SELECT 1"));

        // Deleting the database alone would take the state of a living cluster away.
        await management.Client.Resource(FleetKinds.ClusterDataSources).DeleteAsync(new(Namespace, "edge"), DeleteOptions.Background, CancellationToken.None);
        await management.UntilAsync("edge", cluster => cluster.Find(ClusterDataSourceReady)?.Message.Contains("keeps its state in database", StringComparison.Ordinal) == true);
        Assert.Equal(1L, await CountAsync(database.Spec.Schema));

        await management.DeleteAsync("edge");
        await management.GoneAsync(FleetKinds.ClusterDeployments.Kind, "edge");
        Assert.Equal(0L, await CountAsync(database.Spec.Schema));
        Assert.Equal(0L, await AskAsync($"SELECT count(*) FROM pg_roles WHERE rolname = '{database.Spec.Schema}'"));
        Assert.Equal(1L, await AskAsync("SELECT count(*) FROM pg_roles WHERE rolname = 'neighbour'"));
        await management.GoneAsync(CoreKinds.Secrets, "edge-kine");
    }

    [Fact]
    public async Task However_often_the_manager_is_stopped_there_is_one_database_and_one_password()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.StopManagerAsync();
        await management.ApplyAsync(Credential("remote", "value: \"-----BEGIN OPENSSH PRIVATE KEY-----\\nbm9uZQ==\\n-----END OPENSSH PRIVATE KEY-----\\n\""));
        await management.ApplyAsync(Admin(Password));
        await management.ApplyAsync(Secret("pg-ca", "root.pem", certificates.AuthorityPem));
        await management.ApplyAsync(Source("pg"));
        await management.ApplyAsync(Authentication("dex", "https://dex.example.org"));
        await management.ApplyAsync(AuditPolicy("all"));
        await management.ApplyAsync(Hosted("edge", "clusterAuth: dex, auditPolicy: all, "));

        // As soon as each of these is there the manager is stopped, wherever it is then.
        Func<Task<bool>>[] milestones =
        [
            async () => await DatabaseAsync(management, "edge") is not null,
            async () => await management.GetAsync(CoreKinds.Secrets, "edge-kine") is not null,
            async () => await AskAsync("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'mon_organisation_edge_%'") > 0,
            async () => await AskAsync("SELECT count(*) FROM pg_database WHERE datname LIKE 'mon_organisation_edge_%'") > 0,
            async () => (await DatabaseAsync(management, "edge"))?.Status?.Ready == true,
            async () => await management.GetAsync(CoreKinds.Secrets, "edge-auth-config") is not null,
            async () => await management.GetAsync(CoreKinds.Secrets, "edge-audit-policy") is not null,
            async () => await management.GetAsync(Planes, "edge-cp") is not null,
        ];
        string? url = null;
        foreach (var (milestone, index) in milestones.Select((milestone, index) => (milestone, index)))
        {
            await management.StartManagerAsync();
            await ManagementCluster.UntilAsync(milestone, reached => reached, _ => $"milestone {index}");
            await management.StopManagerAsync();
            url ??= await management.SecretTextAsync("edge-kine", "K0SMOTRON_KINE_DATASOURCE_URL");
        }
        await management.StartManagerAsync();
        await management.ReadyAsync("edge");
        Assert.Equal(url, await management.SecretTextAsync("edge-kine", "K0SMOTRON_KINE_DATASOURCE_URL"));
        Assert.Equal(1L, await AskAsync("SELECT count(*) FROM pg_database WHERE datname LIKE 'mon_organisation_edge_%'"));
        Assert.Equal(1L, await AskAsync("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'mon_organisation_edge_%'"));
        Assert.Equal(1L, await AskAsync("SELECT 1::bigint", Login(new(url!))));
    }

    [Fact]
    public async Task An_orphaned_cluster_keeps_its_database_for_whoever_takes_it_over()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(Credential("remote", "value: \"-----BEGIN OPENSSH PRIVATE KEY-----\\nbm9uZQ==\\n-----END OPENSSH PRIVATE KEY-----\\n\""));
        await management.ApplyAsync(Admin(Password, "limited"));
        await management.ApplyAsync(Secret("pg-ca", "root.pem", certificates.AuthorityPem));
        await management.ApplyAsync(Source("pg"));
        await management.ApplyAsync(Hosted("edge"));
        await management.ReadyAsync("edge");
        var before = (await DatabaseAsync(management, "edge"))!;

        await management.AnnotateAsync("edge", "deletion-policy", "Orphan");
        await management.DeleteAsync("edge");
        await management.GoneAsync(FleetKinds.ClusterDeployments.Kind, "edge");
        Assert.Empty((await DatabaseAsync(management, "edge"))!.Metadata.OwnerReferences ?? []);
        Assert.Equal(1L, await CountAsync(before.Spec.Schema));

        await management.ApplyAsync(Hosted("edge").Replace("metadata: {", "metadata: {annotations: {k0rdent.mirantis.com/take-over: \"true\"}, ", StringComparison.Ordinal));
        var ready = await management.ReadyAsync("edge");
        var after = await UntilAsync(management, "edge", database => database?.Metadata.OwnerReferences is { Count: > 0 });
        Assert.Equal((before.Metadata.Uid, before.Spec.Schema, ready.Metadata.Uid), (after!.Metadata.Uid, after.Spec.Schema, after.Metadata.OwnerReferences![0].Uid));
        await management.AnnotateAsync("edge", "take-over", null);
        await management.DeleteAsync("edge");
        await management.GoneAsync(FleetKinds.ClusterDeployments.Kind, "edge");
        Assert.Equal(0L, await CountAsync(before.Spec.Schema));
    }

    [Fact]
    public async Task What_was_begun_goes_on_and_what_is_somebody_elses_is_left_alone()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(Admin(Password));
        await management.ApplyAsync(Secret("pg-ca", "root.pem", certificates.AuthorityPem));
        await management.ApplyAsync(Source("pg"));
        await QueryAsync(Superuser(), "CREATE ROLE theirs LOGIN");
        await QueryAsync(Superuser(), "CREATE DATABASE taken");
        // As a manager leaves it that was killed after the role; and as it was killed after the database, whose Secret is lost.
        await QueryAsync(Superuser(), "CREATE ROLE half LOGIN");
        await QueryAsync(Superuser(), $"COMMENT ON ROLE half IS 'Fleet: ClusterDataSource {Namespace}/half'");
        await QueryAsync(Superuser(), "CREATE ROLE whole LOGIN");
        await QueryAsync(Superuser(), $"COMMENT ON ROLE whole IS 'Fleet: ClusterDataSource {Namespace}/whole'");
        await QueryAsync(Superuser(), "CREATE DATABASE whole OWNER whole");
        foreach (var name in (string[])["half", "whole", "theirs", "taken", "odd\\\"; DROP DATABASE taken; --"])
            await management.ApplyAsync(Database(name.Length < 8 ? name : "odd", name));

        foreach (var name in (string[])["half", "whole", "odd"])
        {
            var made = await UntilAsync(management, name, database => database?.Status?.Ready == true);
            var url = (await management.SecretTextAsync(name + "-kine", "K0SMOTRON_KINE_DATASOURCE_URL"))!;
            Assert.Equal(1L, await AskAsync("SELECT 1::bigint", Login(new(url.Replace(url[(url.LastIndexOf('/'))..], "/", StringComparison.Ordinal)), made!.Spec.Schema, made.Spec.Schema)));
        }
        var theirs = await UntilAsync(management, "theirs", database => database?.Status?.Error is not null);
        Assert.EndsWith("role theirs is there already and was not made for this ClusterDataSource", theirs!.Status!.Error, StringComparison.Ordinal);
        var taken = await UntilAsync(management, "taken", database => database?.Status?.Error is not null);
        Assert.EndsWith("database taken is there already and was not made for this ClusterDataSource", taken!.Status!.Error, StringComparison.Ordinal);

        // A database that was there and is gone is not silently replaced by an empty one.
        await QueryAsync(Superuser(), "DROP DATABASE half WITH (FORCE)");
        await management.StopManagerAsync();
        await management.StartManagerAsync();
        var lost = await UntilAsync(management, "half", database => database?.Status?.Error is not null);
        Assert.Contains("there is no database half, which held the state of the cluster", lost!.Status!.Error, StringComparison.Ordinal);
        Assert.Equal((false, "half-kine"), (lost.Status.Ready, lost.Status.KineDataSourceSecret));

        // A server that is away holds the deletion up, with its own words; what is not Fleet's stays.
        await postgres.KillAsync();
        foreach (var name in (string[])["whole", "theirs", "taken", "odd"])
            await management.Client.Resource(FleetKinds.ClusterDataSources).DeleteAsync(new(Namespace, name), DeleteOptions.Background, CancellationToken.None);
        await UntilAsync(management, "whole", database => database?.Status?.Error?.Contains($"127.0.0.1:{postgres.Port}", StringComparison.Ordinal) == true);
        await postgres.StartServerAsync();
        foreach (var name in (string[])["whole", "theirs", "taken", "odd"])
            await management.GoneAsync(FleetKinds.ClusterDataSources.Kind, name);
        Assert.Equal((0L, 1L, 1L), (await CountAsync("whole"), await CountAsync("taken"), await AskAsync("SELECT count(*) FROM pg_roles WHERE rolname = 'theirs'")));
        Assert.Equal(0L, await AskAsync("SELECT count(*) FROM pg_database WHERE datname LIKE 'odd%'"));
    }

    [Fact]
    public async Task Nobody_has_another_namespaces_secret_sent_to_a_server_of_his_own()
    {
        await using var management = await SimulatedFleet.StartAsync();
        await management.ApplyAsync(Admin(Password).Replace(Namespace, "kcm-system", StringComparison.Ordinal));
        var shared = $$$"""
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: DataSource
            metadata: {name: shared, namespace: NAMESPACE}
            spec:
              type: postgresql
              endpoints: ["127.0.0.1:{{{postgres.Port}}}"]
              auth:
                username: {name: pg-admin, namespace: kcm-system, key: username}
                password: {name: pg-admin, namespace: kcm-system, key: password}
            """;
        await management.ApplyAsync(shared.Replace("NAMESPACE", Namespace, StringComparison.Ordinal));
        await management.ApplyAsync(Database("one", "one").Replace("dataSource: pg", "dataSource: shared", StringComparison.Ordinal));
        var refused = await UntilAsync(management, "one", database => database?.Status?.Error is not null);
        Assert.Equal("Secret kcm-system/pg-admin is in another namespace: only a DataSource that was distributed from there may take a value of it", refused!.Status!.Error);

        // The one that it is a copy of says the same: then it was distributed.
        await management.ApplyAsync(shared.Replace("NAMESPACE", "kcm-system", StringComparison.Ordinal));
        await UntilAsync(management, "one", database => database?.Status?.Ready == true);
    }

    private static string Hosted(string name, string spec = "") => $$$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDeployment
        metadata: {name: {{{name}}}, namespace: {{{Namespace}}} }
        spec:
          {{{spec.Replace(", ", "\n  ", StringComparison.Ordinal)}}}template: remote-cluster-0-1-0
          credential: remote
          dataSource: pg
          config: { controlPlaneNumber: 1, machines: [{address: 192.0.2.11, user: ubuntu}], k0smotron: { service: {type: NodePort} } }
        """;

    private static string Admin(string password, string user = "fleet") => $$$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: pg-admin, namespace: {{{Namespace}}} }
        stringData: {username: {{{user}}}, password: "{{{password}}}"}
        """;

    private string Source(string name) => $$$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: DataSource
        metadata: {name: {{{name}}}, namespace: {{{Namespace}}} }
        spec:
          type: postgresql
          endpoints: ["127.0.0.1:{{{postgres.Port}}}"]
          auth: {username: {name: pg-admin, key: username}, password: {name: pg-admin, key: password}}
          certificateAuthority: {name: pg-ca, key: root.pem}
        """;

    private static string Database(string name, string schema) => $$$"""
        apiVersion: k0rdent.mirantis.com/v1beta1
        kind: ClusterDataSource
        metadata: {name: {{{name}}}, namespace: {{{Namespace}}} }
        spec: {schema: "{{{schema}}}", dataSource: pg}
        """;

    private static Task<CustomResource<ClusterDataSourceSpec, ClusterDataSourceStatus>?> DatabaseAsync(ManagementCluster management, string name) =>
        management.Client.Resource(FleetKinds.ClusterDataSources).GetAsync(new(Namespace, name), CancellationToken.None);

    private static Task<CustomResource<ClusterDataSourceSpec, ClusterDataSourceStatus>?> UntilAsync(
        ManagementCluster management, string name, Func<CustomResource<ClusterDataSourceSpec, ClusterDataSourceStatus>?, bool> isRight) =>
        ManagementCluster.UntilAsync(() => DatabaseAsync(management, name), isRight, database => $"{name}: {database?.Status}");

    private string Superuser() => $"Host=127.0.0.1;Port={postgres.Port};Username=fleet;Password={Password};Database=postgres;Pooling=false";

    private string Login(Uri url, string? database = null, string? user = null)
    {
        var login = url.UserInfo.Split(':');
        return new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1", Port = postgres.Port, Username = user ?? Uri.UnescapeDataString(login[0]), Password = login[1], Database = database ?? Uri.UnescapeDataString(url.AbsolutePath[1..]), Pooling = false,
        }.ConnectionString;
    }

    private Task<long> CountAsync(string database) => AskAsync($"SELECT count(*) FROM pg_database WHERE datname = '{database}'");

    private async Task<long> AskAsync(string sql, string? login = null)
    {
        await using var connection = new NpgsqlConnection(login ?? Superuser());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task QueryAsync(string login, string sql)
    {
        await using var connection = new NpgsqlConnection(login);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
