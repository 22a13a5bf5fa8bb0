using System.Text.RegularExpressions;

namespace Fleet.Packaging.Tests.Packages;

/// <summary>The Debian package by real dpkg, installed into a folder: there is no systemd as the first process here. That what its unit starts really starts is in EndToEnd.Tests.</summary>
public sealed partial class DebianPackageTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fleet-deb");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void It_is_installed_and_leaves_the_data_when_it_goes_unless_it_was_told_otherwise()
    {
        var package = Build();
        Assert.Equal("fleet", Field(package, "Package"));
        Assert.Equal("1.2.3~rc.1", Field(package, "Version"));
        var content = Repository.Run("dpkg-deb", "--contents", package).Out;
        Assert.All(content.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains("root/root", line, StringComparison.Ordinal));
        Assert.DoesNotMatch("^.....w..w", content);

        Dpkg("--install", package);
        foreach (var file in (string[])["usr/lib/fleet/fleetd", "usr/lib/fleet/fleet", "lib/systemd/system/fleet.service", "etc/default/fleet", "usr/share/doc/fleet/copyright"])
            Assert.True(File.Exists(At(file)), file);
        Assert.Equal("../lib/fleet/fleet", new FileInfo(At("usr/bin/fleet")).LinkTarget);
        Directory.CreateDirectory(At("var/lib/fleet"));
        File.WriteAllText(At("var/lib/fleet/kept"), "data");
        Dpkg("--purge", "fleet");
        Assert.False(File.Exists(At("usr/lib/fleet/fleetd")));
        Assert.False(File.Exists(At("etc/default/fleet")));
        Assert.True(File.Exists(At("var/lib/fleet/kept")));

        // What an administrator wrote into the settings stays when a package is installed over it.
        Dpkg("--install", package);
        File.AppendAllText(At("etc/default/fleet"), "\nFLEET_PURGE_DATA=yes\n");
        Dpkg("--force-confold", "--install", package);
        Assert.Contains("FLEET_PURGE_DATA=yes", File.ReadAllText(At("etc/default/fleet")), StringComparison.Ordinal);
        Dpkg("--remove", "fleet");
        Assert.True(File.Exists(At("var/lib/fleet/kept")));
        Dpkg("--purge", "fleet");
        Assert.False(Directory.Exists(At("var/lib/fleet")));
    }

    [Fact]
    public void The_unit_is_one_that_systemd_takes_and_finds_well_locked_up()
    {
        var unit = Repository.Path("deploy", "systemd", "fleet.service");
        var (code, output, error) = Repository.Run("systemd-analyze", "security", "--offline=yes", "--threshold=20", unit);
        Assert.True(code == 0, output + error);
        // The program is not installed here; everything else that systemd has to say would be a mistake.
        var said = Repository.Run("systemd-analyze", "verify", "--man=no", unit).Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Contains("fleet.service", StringComparison.Ordinal));
        Assert.All(said, line => Assert.Contains("/usr/lib/fleet/fleetd", line, StringComparison.Ordinal));
        var text = File.ReadAllText(unit);
        foreach (var line in (string[])["User=fleet", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "StateDirectoryMode=0700"])
            Assert.Contains($"\n{line}\n", text, StringComparison.Ordinal);
        Assert.Contains($" {Name().Match(Repository.Read("deploy", "deb", "postinst")).Groups[1].Value}\n", text.Replace("User=", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Maintainer_scripts_are_scripts_and_touch_nothing_of_the_machine_when_installed_into_a_folder()
    {
        foreach (var script in (string[])["postinst", "prerm", "postrm"])
        {
            Assert.Equal(0, Repository.Run("sh", "-n", Repository.Path("deploy", "deb", script)).Code);
            Assert.All(Machine().Matches(Repository.Read("deploy", "deb", script)), line => Assert.Contains("DPKG_ROOT", Repository.Read("deploy", "deb", script), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("1.2.3", "of this version")]
    [InlineData("9.9.9", "not yet out")]
    public void Notes_of_a_version_are_its_section_of_the_changelog(string version, string said)
    {
        var changelog = Path.Combine(folder.FullName, "CHANGELOG.md");
        File.WriteAllText(changelog, "# Changelog\n\n## Unreleased\n- not yet out\n\n## 1.2.3 - 2026-01-01\n- of this version\n\n## 1.2.2\n- of an older one\n");
        var (code, output, _) = Repository.Run(Repository.Path("deploy", "package", "notes.sh"), version, changelog);
        Assert.Equal(0, code);
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.DoesNotContain("older", output, StringComparison.Ordinal);
    }

    private string Build()
    {
        var programs = folder.CreateSubdirectory("programs");
        foreach (var program in (string[])["fleetd", "fleet"])
        {
            File.WriteAllText(Path.Combine(programs.FullName, program), "#!/bin/sh\n");
            File.SetUnixFileMode(Path.Combine(programs.FullName, program), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        var (code, output, error) = Repository.Run(Repository.Path("deploy", "package", "deb.sh"), "1.2.3~rc.1", programs.FullName, folder.FullName);
        Assert.True(code == 0, error);
        var root = folder.CreateSubdirectory("root");
        foreach (var made in (string[])["var/lib/dpkg/info", "var/lib/dpkg/updates"])
            root.CreateSubdirectory(made);
        File.WriteAllText(At("var/lib/dpkg/status"), "");
        File.WriteAllText(At("var/lib/dpkg/available"), "");
        return output.Trim();
    }

    private string At(string path) => Path.Combine(folder.FullName, "root", path);

    /// <summary>What the package depends on is not in the folder.</summary>
    private void Dpkg(params string[] arguments)
    {
        var (code, output, error) = Repository.Run(
            "dpkg", [$"--root={At("")}", $"--log={Path.Combine(folder.FullName, "log")}", "--force-depends", "--force-script-chrootless", "--force-not-root", "--force-bad-path", .. arguments]);
        Assert.True(code == 0, $"dpkg {string.Join(' ', arguments)}\n{output}{error}");
    }

    private static string Field(string package, string field) => Repository.Run("dpkg-deb", "--field", package, field).Out.Trim();

    [GeneratedRegex("nologin (\\w+)")]
    private static partial Regex Name();

    [GeneratedRegex("^.*(systemctl|adduser|deluser).*$", RegexOptions.Multiline)]
    private static partial Regex Machine();
}
