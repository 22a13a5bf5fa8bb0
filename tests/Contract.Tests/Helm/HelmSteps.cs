using Fleet.Contract.Tests.Transcripts;

namespace Fleet.Contract.Tests.Helm;

/// <summary>The life of releases: install, upgrade, failure, rollback, hooks, CRDs, ownership, uninstall. Said so that helm 3 and helm 4 both agree.</summary>
internal static class HelmSteps
{
    public static IReadOnlyList<Step> All { get; } =
    [
        new("lint", "lint $DIR/web") { Says = "1 chart(s) linted, 0 chart(s) failed" },
        new("template", "template shop $DIR/web -n $NS") { Says = "name: shop-settings" },
        new("template asks the server", "template shop $DIR/web --validate") { Says = "apps: served" },
        new("template validates", "template shop $DIR/kinds --validate") { ExitCode = 1, Says = "no matches for kind \"Gear\"" },
        new("nothing installed", "list -A -q --filter shop-$TAG"),
        new("install into a missing namespace", "install shop-$TAG $DIR/web -n $NS") { ExitCode = 1, Says = "namespaces \"$NS\" not found" },
        new("install, dry", "install shop-$TAG $DIR/web -n $NS --create-namespace --dry-run=server") { Says = "STATUS: pending-install" },
        new("install", "install shop-$TAG $DIR/web -n $NS --create-namespace --wait --timeout 60s") { Says = "STATUS: deployed" },
        new("install again", "install shop-$TAG $DIR/web -n $NS") { ExitCode = 1, Says = "a name that is still in use" },
        new("list", "list -n $NS") { Says = "shop-$TAG $NS 1 TIME deployed web-1.2.3 7" },
        new("list everywhere", "list -A --filter shop-$TAG -q") { Says = "shop-$TAG" },
        new("list as json", "list -n $NS -o json") { Says = "\"status\":\"deployed\"" },
        new("status", "status shop-$TAG -n $NS") { SortLines = true, Says = "REVISION: 1" },
        new("status as json", "status shop-$TAG -n $NS -o json") { Says = "\"name\":\"shop-$TAG\""},
        new("notes", "get notes shop-$TAG -n $NS") { Says = "Say hello to shop-$TAG." },
        new("manifest", "get manifest shop-$TAG -n $NS") { Says = "greeting: \"hello\"" },
        new("no values", "get values shop-$TAG -n $NS") { Says = "null" },
        new("all values", "get values shop-$TAG -n $NS --all") { Says = "greeting: hello" },
        new("release is a secret", "get secret -n $NS -l owner=helm,name=shop-$TAG -o custom-columns=NAME:.metadata.name,TYPE:.type,STATUS:.metadata.labels.status") { ByKubectl = true, Says = "sh.helm.release.v1.shop-$TAG.v1 helm.sh/release.v1 deployed" },
        new("objects belong to the release", "get configmap shop-$TAG-settings -n $NS -o jsonpath={.metadata.labels}{.data}") { ByKubectl = true, Says = "\"app.kubernetes.io/managed-by\":\"Helm\"" },

        new("upgrade", "upgrade shop-$TAG $DIR/web -n $NS --set greeting=moin --wait --timeout 60s") { Says = "REVISION: 2" },
        new("values", "get values shop-$TAG -n $NS -o json") { Says = "{\"greeting\":\"moin\"}" },
        new("upgrade changed the object", "get configmap shop-$TAG-settings -n $NS -o jsonpath={.data.greeting}{.data.revision}") { ByKubectl = true, Says = "moin2" },
        new("upgrade keeps values", "upgrade shop-$TAG $DIR/web -n $NS --reuse-values --set extra=more") { Says = "REVISION: 3" },
        new("kept values", "get values shop-$TAG -n $NS") { Says = "extra: more\ngreeting: moin" },
        new("kept values in the object", "get configmap shop-$TAG-settings -n $NS -o jsonpath={.data.greeting}{.data.extra}") { ByKubectl = true, Says = "moinmore" },
        new("upgrade against the schema", "upgrade shop-$TAG $DIR/web -n $NS --set replicas=many") { ExitCode = 1, Says = "replicas" },
        new("upgrade that fails", "upgrade shop-$TAG $DIR/web -n $NS --set broken=true") { ExitCode = 1, Says = "spec.ports[0].port: Invalid value: 99999" },
        new("status after the failure", "list -n $NS --failed") { Says = "shop-$TAG $NS 4 TIME failed web-1.2.3" },
        new("history", "history shop-$TAG -n $NS") { Says = "failed web-1.2.3 7" },
        new("rollback", "rollback shop-$TAG 2 -n $NS --wait --timeout 60s") { Says = "Rollback was a success" },
        new("history after rollback", "history shop-$TAG -n $NS --max 2") { Says = "5 TIME deployed web-1.2.3 7 Rollback to 2" },
        new("rollback changed the object", "get configmap shop-$TAG-settings -n $NS -o jsonpath={.data.greeting}") { ByKubectl = true, Says = "moin" },
        new("rollback to nowhere", "rollback shop-$TAG 77 -n $NS") { ExitCode = 1, Says = "release has no 77 version" },
        new("upgrade that does not become ready", "upgrade shop-$TAG $DIR/web -n $NS --set replicas=1 --wait --timeout 3s") { ExitCode = 1 },
        new("drifted object", "patch configmap shop-$TAG-settings -n $NS --type=merge -p {\"data\":{\"own\":\"1\"}}") { ByKubectl = true, Says = "patched" },
        new("upgrade after a failure", "upgrade --install shop-$TAG $DIR/web -n $NS --set greeting=salut --wait --timeout 60s") { Says = "REVISION: 7" },
        new("upgrade keeps what others added", "get configmap shop-$TAG-settings -n $NS -o jsonpath={.data.greeting}{.data.own}") { ByKubectl = true, Says = "salut1" },
        new("upgrade of something missing", "upgrade nothing-$TAG $DIR/web -n $NS") { ExitCode = 1, Says = "has no deployed releases" },
        new("upgrade --install of something new", "upgrade --install second-$TAG $DIR/web -n $NS") { Says = "STATUS: deployed" },
        new("install what another release owns", "install third-$TAG $DIR/hooks -n $NS") { Says = "STATUS: deployed" },
        new("install over it", "install fourth-$TAG $DIR/hooks -n $NS") { ExitCode = 1, Says = "cannot be imported into the current release" },

        new("hooks ran", "get configmap pre-install post-install plain -n $NS -o name") { ByKubectl = true, Says = "configmap/post-install" },
        new("the upgrade hook did not", "get configmap pre-upgrade -n $NS") { ByKubectl = true, ExitCode = 1, Says = "NotFound" },
        new("hooks", "get hooks third-$TAG -n $NS") { Says = "helm.sh/hook" },
        new("upgrade runs its hook", "upgrade third-$TAG $DIR/hooks -n $NS") { Says = "REVISION: 2" },
        new("the upgrade hook ran", "get configmap pre-upgrade -n $NS -o name") { ByKubectl = true, Says = "configmap/pre-upgrade" },
        new("uninstall runs its hook", "uninstall third-$TAG -n $NS --wait") { Says = "uninstalled" },
        new("the delete hook ran", "get configmap post-delete -n $NS -o name") { ByKubectl = true, Says = "configmap/post-delete" },

        // Helm logs when discovery is not as far as the definition: only the result is compared.
        new("chart with its own kinds", "install gears-$TAG $DIR/kinds -n $NS") { Says = "STATUS: deployed", OnlyLines = "^[A-Z]+( [A-Z]+)*: " },
        new("custom object is there", "get gears.helm$TAG.example.com gears-$TAG -n $NS -o jsonpath={.spec.teeth}") { ByKubectl = true, Says = "12" },
        new("custom object upgraded", "upgrade gears-$TAG $DIR/kinds -n $NS --set teeth=20") { Says = "REVISION: 2" },
        new("custom object changed", "get gears.helm$TAG.example.com gears-$TAG -n $NS -o jsonpath={.spec.teeth}:{.metadata.generation}") { ByKubectl = true, Says = "20:2" },
        new("custom object refused", "upgrade gears-$TAG $DIR/kinds -n $NS --set teeth=1") { ExitCode = 1, Says = "spec.teeth" },
        new("uninstall kinds", "uninstall gears-$TAG -n $NS") { Says = "release \"gears-$TAG\" uninstalled" },
        new("the definition stays", "get crd gears.helm$TAG.example.com -o name") { ByKubectl = true, Says = "gears.helm$TAG.example.com" },
        new("delete the definition", "delete crd gears.helm$TAG.example.com") { ByKubectl = true, Says = "deleted" },

        new("uninstall and keep the history", "uninstall second-$TAG -n $NS --keep-history") { Says = "release \"second-$TAG\" uninstalled" },
        new("uninstalled list", "list -n $NS --uninstalled") { Says = "second-$TAG $NS 1 TIME uninstalled web-1.2.3" },
        new("uninstall", "uninstall shop-$TAG -n $NS --wait --timeout 60s") { Says = "release \"shop-$TAG\" uninstalled" },
        new("uninstall again", "uninstall shop-$TAG -n $NS") { ExitCode = 1, Says = "not found" },
        new("objects are gone", "get deployment,service,configmap -n $NS -l app.kubernetes.io/managed-by=Helm -o name") { ByKubectl = true },
        new("kept by policy", "get secret shop-$TAG-kept -n $NS -o name") { ByKubectl = true, Says = "secret/shop-$TAG-kept" },
        new("release of another status", "status shop-$TAG -n $NS") { ExitCode = 1, Says = "release: not found" },
        new("delete the namespace", "delete namespace $NS --timeout=90s") { ByKubectl = true, Says = "deleted" },
    ];
}
