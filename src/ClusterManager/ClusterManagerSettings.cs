using System.Globalization;
using Fleet.ClusterManager.Deletion;
using Fleet.Control.Durations;

namespace Fleet.ClusterManager;

/// <summary>Options that are set by environment variables, for whoever runs the program. Everything wrong is told at once.</summary>
public static class ClusterManagerSettings
{
    /// <param name="read">Gives the value of a variable, null when it is not set.</param>
    /// <exception cref="FormatException">A value cannot be used; the message names each variable with an example.</exception>
    public static ClusterManagerOptions Apply(ClusterManagerOptions options, Func<string, string?> read)
    {
        var problems = new List<string>();
        TimeSpan Duration(string name, TimeSpan otherwise)
        {
            if (read(name) is not { Length: > 0 } text)
                return otherwise;
            if (GoDuration.TryParse(text, out var duration) && duration > TimeSpan.Zero)
                return duration;
            problems.Add($"{name} is \"{text}\", which is no duration: for example 10m or 1h30m");
            return otherwise;
        }
        TimeSpan? Optional(string name, TimeSpan? otherwise) => string.IsNullOrEmpty(read(name)) ? otherwise : Duration(name, TimeSpan.Zero);
        T Number<T>(string name, T otherwise, T smallest, T largest, string example) where T : struct, IParsable<T>, IComparable<T>
        {
            if (read(name) is not { Length: > 0 } text)
                return otherwise;
            if (T.TryParse(text, CultureInfo.InvariantCulture, out var number) && number.CompareTo(smallest) >= 0 && number.CompareTo(largest) <= 0)
                return number;
            problems.Add($"{name} is \"{text}\", which is no number from {smallest} to {largest}: for example {example}");
            return otherwise;
        }

        var (deletion, phases) = (options.Deletion, options.Deadlines);
        var result = options with
        {
            Deadlines = new()
            {
                Template = Optional("FLEET_DEADLINE_TEMPLATE", phases.Template),
                Credential = Optional("FLEET_DEADLINE_CREDENTIAL", phases.Credential),
                Infrastructure = Optional("FLEET_DEADLINE_INFRASTRUCTURE", phases.Infrastructure),
                ControlPlane = Optional("FLEET_DEADLINE_CONTROLPLANE", phases.ControlPlane),
                Workers = Optional("FLEET_DEADLINE_WORKERS", phases.Workers),
                Services = Optional("FLEET_DEADLINE_SERVICES", phases.Services),
                Whole = Duration("FLEET_DEADLINE_WHOLE", phases.Whole),
            },
            Deletion = new()
            {
                Services = Duration("FLEET_DELETION_SERVICES", deletion.Services),
                Workloads = Duration("FLEET_DELETION_WORKLOADS", deletion.Workloads),
                Release = Duration("FLEET_DELETION_RELEASE", deletion.Release),
                Cluster = Duration("FLEET_DELETION_CLUSTER", deletion.Cluster),
                DataSource = Duration("FLEET_DELETION_DATASOURCE", deletion.DataSource),
                ForceGrace = Duration("FLEET_DELETION_FORCE_GRACE", deletion.ForceGrace),
                Breaker = new BreakerOptions
                {
                    Share = Number("FLEET_BREAKER_SHARE", deletion.Breaker.Share, 0.0, 1.0, "0.2"),
                    AtLeast = Number("FLEET_BREAKER_AT_LEAST", deletion.Breaker.AtLeast, 0, 1_000_000, "3"),
                    Window = Duration("FLEET_BREAKER_WINDOW", deletion.Breaker.Window),
                },
            },
        };
        return problems.Count == 0 ? result : throw new FormatException(string.Join("; ", problems));
    }
}
