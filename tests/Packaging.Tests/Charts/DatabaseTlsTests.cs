using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;

namespace Fleet.Packaging.Tests.Charts;

/// <summary>The bundled PostgreSQL as the chart starts it, in a real one: TLS and nothing else, and a renewed certificate without a restart.</summary>
public sealed class DatabaseTlsTests
{
    private const string Password = "of-this-test";

    [Fact]
    public async Task It_takes_no_plain_connection_and_shows_a_renewed_certificate_without_a_restart()
    {
        var chart = RenderedChart.Of("3.18.0");
        await using var postgres = await PrivatePostgres.StartAsync();
        (await PsqlAsync(postgres, "prefer", null, $"ALTER ROLE fleet PASSWORD '{Password}'")).MustSucceed();
        await postgres.KillAsync();

        using var first = new TestAuthority("first");
        using var second = new TestAuthority("second");
        await WriteAsync(postgres, first);
        var container = chart.Pods().Single(pod => pod.Name == "fleet-postgresql").Spec["containers"]![0]!;
        foreach (var (name, text) in chart.Of("ConfigMap").Single(map => RenderedChart.Name(map) == "fleet-postgresql")["data"]!.AsObject())
            await postgres.WriteAsync(name, (string)text!);
        List<string> words = [.. container["command"]!.AsArray().Concat(container["args"]!.AsArray()).Select(word => ((string)word!)
            .Replace("/etc/fleet/tls/", postgres.FileOf("") + "/", StringComparison.Ordinal).Replace("/etc/fleet/postgresql/", postgres.FileOf("") + "/", StringComparison.Ordinal))];
        var program = words.IndexOf("docker-entrypoint.sh");
        Assert.Equal("postgres", words[program + 1]);
        await postgres.StartServerAsync(words[(program + 2)..], words[..program], new Dictionary<string, string?> { ["FOLLOW_EVERY"] = "0.2" });

        var trusted = Path.GetTempFileName();
        var other = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(trusted, first.Pem);
            await File.WriteAllTextAsync(other, second.Pem);
            Assert.Contains("TLSv1.3", (await PsqlAsync(postgres, "verify-full", trusted, "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).MustSucceed().Out, StringComparison.Ordinal);
            Assert.Contains("certificate verify failed", (await PsqlAsync(postgres, "verify-full", other, "SELECT 1")).Error, StringComparison.Ordinal);
            Assert.Contains("no encryption", (await PsqlAsync(postgres, "disable", null, "SELECT 1")).Error, StringComparison.Ordinal);

            await WriteAsync(postgres, second);
            var began = TimeProvider.System.GetTimestamp();
            while ((await PsqlAsync(postgres, "verify-full", other, "SELECT 1")) is { ExitCode: not 0 } failed)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), failed.Error);
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
            }
            Assert.NotEqual(0, (await PsqlAsync(postgres, "verify-full", trusted, "SELECT 1")).ExitCode);
        }
        finally
        {
            File.Delete(trusted);
            File.Delete(other);
        }
    }

    private static async Task WriteAsync(PrivatePostgres postgres, TestAuthority authority)
    {
        var issued = authority.Issue(["localhost"]);
        await postgres.WriteAsync("tls.key", issued.Key);
        await postgres.WriteAsync("tls.crt", issued.Certificate);
    }

    private static Task<ProcessOutput> PsqlAsync(PrivatePostgres postgres, string mode, string? roots, string sql) => ProcessOutput.RunAsync(
        Path.Combine(RealParts.PostgresBin, "psql"), ["-h", "localhost", "-p", $"{postgres.Port}", "-U", "fleet", "-d", "postgres", "-qtAc", sql],
        new Dictionary<string, string?> { ["PGPASSWORD"] = Password, ["PGSSLMODE"] = mode, ["PGSSLROOTCERT"] = roots });
}
