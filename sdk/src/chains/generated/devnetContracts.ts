import type { AddressBook } from '@fabstir/contracts/addressBook'

export const devnetContracts: AddressBook = {
  "chainId": 31337,
  "fab": "0x0E98b544bb9F51b0c7a5C8f3ccf1aD4545d697F9",
  "usdc": "0xd844E919Ba3f2935D10573668e4bFAD6AF0413eF",
  "timelock": "0xBDaa1171c829Ca51721b621c0749fD434070f7d4",
  "governor": "0x5b977b7b1BB88EC571fdCd76bceeAB0cd7A21295",
  "parameterGuard": "0xf0f2f3A31B43Fe95cE260e44039a780743dCad59",
  "emergencyGuardian": "0x475E683148B1fEd019C501e1b8B544Ca399Af17c",
  "votesAdapter": "0xE240ED557d58e3406200FaC25aA6e637D1ffeD3A",
  "registry": "0xFB5b769c10BeB38c9d05568b3cC7091B2E14e629",
  "marketplace": "0x9542aCD2a2c8ca913894F84F4c6fc27ACf88A652",
  "reputation": "0x573032419bF23Af5c5487FAb2Ec76D3398D12f6A",
  "proofSystem": "0xa6d3fC6b6d1f9d95027E1aaB3eB284D24b7229df",
  "stakersPool": "0xFD115c43020F630889a3cf139cb4cf21AF03f62a",
  "modelRegistry": "0xB69546Be415c2d76aA4A3D4a4aa7261F32BaFa17",
  "dynamicPricing": "0xd68DFB9B25aa0E2dB8E7d77D04f30acf482Bad07",
  "subscriptions": "0xA38B6B84D2dbe25ac3C425a961C7E645297dF2D0",
  "buyback": "0x3a170E948EE847d838cd3D7650d88b9703e36c27",
  "revenueSplitter": "0xb7D064453B196C6d875fe398d7F607161B64A0bD",
  "topUpVault": "0x3D1961935e73bA90D6a47A0E4c05F5F372834468",
  "deployments": [
    {
      "entryPoint": "0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108",
      "entryPointVersion": "0.8",
      "accountFactory": "0x694267245ac610Fa123394c554E4821211A63e09",
      "accountImplementation": "0xb6efE252B73dCfcDBa40355FC3e6f3d99c5f4e8B",
      "sponsorPaymaster": "0x10C50FD3ffb1B69F48c37C2E459FD3c684069845",
      "tokenPaymaster": "0x0E89d7c6A97eE7aD5e513e1122B1B4C652780259"
    },
    {
      "entryPoint": "0x433709009B8330FDa32311DF1C2AFA402eD8D009",
      "entryPointVersion": "0.9",
      "accountFactory": "0x782E41F86f03DfFC70199093562E3E4b71EaA5Fa",
      "accountImplementation": "0xd314cc60C5CFf17D3aB37BAca1d217c087Fc25b3",
      "sponsorPaymaster": "0x6bA931dd8fc80DC8dB6609ca9306d544a8e97c59",
      "tokenPaymaster": "0x4d74B416f5eB187Dc12E9B303E8a704E62B500f3"
    }
  ],
  "otherSponsors": [
    {
      "entryPoint": "0x0000000071727De22E5E9d8BAf0edAc6f37da032",
      "entryPointVersion": "0.7",
      "sponsorPaymaster": "0xb0cCA5376F3616020Be46449bB0426B3D9B13EDe"
    }
  ]
}
