using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Packaging.Tests.Containers;

/// <summary>There is no container engine among the tests: docker-compose.yml is read instead.</summary>
public sealed class ComposeTests
{
    private static readonly JsonObject Compose = KubernetesYaml.ReadAll(Repository.Read("docker-compose.yml")).Single();

    private static IEnumerable<(string Name, JsonObject Service)> Services => Compose["services"]!.AsObject().Select(service => (service.Key, service.Value!.AsObject()));

    [Fact]
    public void Everything_that_is_named_is_there()
    {
        Assert.Equal(["alertmanager", "fleet", "grafana", "minio", "permissions", "postgresql", "victoria-metrics"], Services.Select(service => service.Name).Order(StringComparer.Ordinal));
        foreach (var (name, service) in Services)
        {
            foreach (var volume in Texts(service["volumes"]))
            {
                var source = volume.Split(':')[0];
                Assert.True(source.StartsWith("./", StringComparison.Ordinal) ? Path.Exists(Repository.Path(source[2..])) : Compose["volumes"]![source] is not null, $"{name}: {source}");
            }
            Assert.All(Texts(service["secrets"]), secret => Assert.NotNull(Compose["secrets"]![secret]));
            foreach (var needed in service["depends_on"]?.AsObject() ?? [])
            {
                Assert.NotNull(Compose["services"]![needed.Key]);
                if ((string?)needed.Value!["condition"] == "service_healthy")
                    Assert.NotNull(Compose["services"]![needed.Key]!["healthcheck"]);
            }
        }
        var build = Compose["services"]!["fleet"]!["build"]!;
        Assert.Contains($" AS {build["target"]}\n", Repository.Read((string)build["dockerfile"]!), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_reachable_from_outside_and_nothing_may_more_than_it_must()
    {
        foreach (var (name, service) in Services)
        {
            Assert.All(Texts(service["ports"]), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
            Assert.Equal(["ALL"], Texts(service["cap_drop"]));
            Assert.Contains("no-new-privileges:true", Texts(service["security_opt"]));
            Assert.Null(service["privileged"]);
            Assert.True(name == "permissions" || (bool?)service["read_only"] == true, name);
            if ((string?)service["network_mode"] == "host")
                Assert.True(name == "fleet" || service.ToJsonString().Contains("127.0.0.1", StringComparison.Ordinal), $"{name} shares the machine's network and says no address");
            Assert.Matches(":[0-9vR]", (string)service["image"]!);
        }
    }

    [Fact]
    public void Passwords_are_made_on_the_machine_and_only_come_in_files()
    {
        foreach (var (name, service) in Services)
            foreach (var variable in service["environment"]?.AsObject() ?? [])
                Assert.True(!variable.Key.Contains("PASSWORD", StringComparison.Ordinal) || variable.Key.EndsWith("FILE", StringComparison.Ordinal), $"{name}: {variable.Key}");
        var folder = Directory.CreateTempSubdirectory("fleet-secrets");
        try
        {
            var script = Repository.Path("deploy", "docker", "secrets.sh");
            Assert.Equal(0, Repository.Run(script, folder.FullName).Code);
            var made = folder.GetFiles().ToDictionary(file => file.Name, file => File.ReadAllText(file.FullName));
            foreach (var secret in Compose["secrets"]!.AsObject())
            {
                var file = (string)secret.Value!["file"]!;
                Assert.StartsWith("./deploy/docker/secrets/", file, StringComparison.Ordinal);
                Assert.True(made[Path.GetFileName(file)].Trim().Length >= 32, file);
            }
            Assert.Contains(made["postgresql-password"].Trim(), made["fleet-database"], StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.FullName));
            // A second time keeps what the databases were started with.
            Assert.Equal(0, Repository.Run(script, folder.FullName).Code);
            Assert.All(made, file => Assert.Equal(file.Value, File.ReadAllText(Path.Combine(folder.FullName, file.Key))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        Assert.Contains("deploy/docker/secrets/", Repository.Read(".gitignore"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list?.AsArray().Select(item => (string)item!) ?? [];
}
