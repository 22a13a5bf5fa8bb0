using System.Text;
using Fleet.Helm.Binary;

namespace Fleet.Helm.Patches;

/// <summary>
/// The program that helm hands its rendered objects to: kubectl kustomize with a shell script around it, which is a post-renderer for helm 3 and a plugin for
/// helm 4. Nothing of the user is in it; what it works on are its arguments.
/// </summary>
internal sealed class PatchProgram(HelmEnvironment environment)
{
    private const string Plugin = "fleet-patches";

    private const string Definition = """
        apiVersion: v1
        type: postrenderer/v1
        name: fleet-patches
        version: 1.0.0
        runtime: subprocess
        runtimeConfig:
          platformCommand:
            - command: /bin/sh
              args: ["${HELM_PLUGIN_DIR}/patch.sh"]

        """;

    // Arguments: kubectl, the folder of this run, how many patches there are. Helm 4 swallows what a plugin complains about, so it goes into a file.
    // When all together fail, they are tried up to the first, the second, and so on: the first that fails is the one to name.
    private const string Script = """
        PATH=/usr/bin:/bin
        kubectl=$1 folder=$2 count=$3
        build() {
          HOME="$folder" KUBECONFIG="$folder/none" HTTP_PROXY=http://127.0.0.1:9 HTTPS_PROXY=http://127.0.0.1:9 \
            "$kubectl" kustomize "$folder/$1" --load-restrictor LoadRestrictionsNone > "$folder/patched.yaml" 2> "$folder/problem"
        }
        umask 077
        cat > "$folder/rendered.yaml" || exit 1
        if build "$count"; then
          rm -f "$folder/problem"
          exec cat "$folder/patched.yaml"
        fi
        failed=1
        while [ "$failed" -lt "$count" ] && build "$failed"; do failed=$((failed + 1)); done
        [ "$failed" -lt "$count" ] || build "$count"
        echo "$failed" > "$folder/failed"
        exit 1

        """;

    private readonly Lock gate = new();
    private bool isWritten;

    private string Plugins => Path.Combine(environment.Home, "plugins");

    /// <summary>Flags of helm.</summary>
    public IReadOnlyList<string> Arguments(HelmVersion helm, string kubectl, string folder, int patches)
    {
        Write();
        string[] arguments = [kubectl, folder, patches.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        return helm.Major >= 4
            ? ["--post-renderer", Plugin, .. Stated(arguments)]
            : ["--post-renderer", "/bin/sh", .. Stated([Path.Combine(Plugins, Plugin, "patch.sh"), .. arguments])];
    }

    /// <summary>Only for such runs: helm 3 does not understand the plugin, and the others have none.</summary>
    public IReadOnlyDictionary<string, string> Environment(HelmVersion helm) =>
        helm.Major >= 4 ? new Dictionary<string, string> { ["HELM_PLUGINS"] = Plugins } : new Dictionary<string, string>();

    private static IEnumerable<string> Stated(IEnumerable<string> arguments) => arguments.SelectMany(argument => new[] { "--post-renderer-args", argument });

    private void Write()
    {
        lock (gate)
        {
            if (isWritten)
                return;
            var folder = Path.Combine(Plugins, Plugin);
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.WriteAllText(Path.Combine(folder, "plugin.yaml"), Definition, new UTF8Encoding(false));
            File.WriteAllText(Path.Combine(folder, "patch.sh"), Script, new UTF8Encoding(false));
            isWritten = true;
        }
    }
}
