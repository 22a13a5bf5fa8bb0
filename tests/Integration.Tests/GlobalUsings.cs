global using ClusterDeployment = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Clusters.ClusterDeploymentSpec, Fleet.Contracts.Clusters.ClusterDeploymentStatus>;
global using Region = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Regions.RegionSpec, Fleet.Contracts.Regions.RegionStatus>;
