using System.Globalization;
using System.Text;

namespace Fleet.ControlPlane.Simulation.Kubelets;

/// <summary>Writes Prometheus' text format 0.0.4 as its Go library does, numbers included.</summary>
internal sealed class PrometheusText
{
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

    private readonly StringBuilder text = new();
    private string family = "";

    public PrometheusText Family(string name, string type, string help)
    {
        family = name;
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        return this;
    }

    /// <param name="value">The value.</param>
    /// <param name="time">Null: none is written.</param>
    /// <param name="labels">In alphabetical order.</param>
    public void Sample(double value, DateTimeOffset? time, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        text.Append(family);
        for (var i = 0; i < labels.Length; i++)
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escape(labels[i].Value)).Append('"');
        if (labels.Length > 0)
            text.Append('}');
        text.Append(' ').Append(Number(value));
        if (time is { } at)
            text.Append(' ').Append(at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        text.Append('\n');
    }

    public override string ToString() => text.ToString();

    /// <summary>Go's shortest form: an exponent of at least two digits from a million on.</summary>
    internal static string Number(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        var size = Math.Abs(value);
        if (value == 0 || size is >= 1e-4 and < 1e6)
            return value.ToString("0.##################", CultureInfo.InvariantCulture) is var plain && double.Parse(plain, CultureInfo.InvariantCulture) == value
                ? plain
                : value.ToString("R", CultureInfo.InvariantCulture);
        var exact = value.ToString("E16", CultureInfo.InvariantCulture);
        for (var digits = 0; digits < 17; digits++)
        {
            var tried = value.ToString("E" + digits, CultureInfo.InvariantCulture);
            if (double.Parse(tried, CultureInfo.InvariantCulture) != value)
                continue;
            exact = tried;
            break;
        }
        var e = exact.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(exact.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{exact[..e]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
