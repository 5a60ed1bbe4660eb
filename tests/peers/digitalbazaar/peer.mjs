// What Digital Bazaar's libraries say of credentials: one request as JSON on the standard input,
// one answer on the standard output. Nothing is fetched: contexts and did:key come from packages.
import * as ecdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as sd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {cryptosuite as ecdsa} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsa} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {CachedResolver} from '@digitalbazaar/did-io';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {contexts} from '@digitalbazaar/credentials-context';
import {driver} from '@digitalbazaar/did-method-key';
import {readFileSync} from 'node:fs';

const keys = driver();
keys.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: ed25519Multikey.from});
for(const header of ['zDna', 'z82L']) {
  keys.use({multibaseMultikeyHeader: header, fromMultibase: ecdsaMultikey.from});
}
const resolver = new CachedResolver();
resolver.use(keys);

async function documentLoader(url) {
  const document = url.startsWith('did:key:') ?
    await resolver.get({url}) : contexts.get(url);
  if(!document) {
    throw new Error(`${url} is not known`);
  }
  return {contextUrl: null, documentUrl: url, document};
}

const suites = {
  'eddsa-rdfc-2022': () => eddsa,
  'ecdsa-rdfc-2019': () => ecdsa,
  'ecdsa-sd-2023': () => sd.createVerifyCryptosuite()
};

async function verified({credential}) {
  const proof = [credential.proof].flat()[0];
  const suite = new DataIntegrityProof({cryptosuite: suites[proof.cryptosuite]()});
  const result = await vc.verifyCredential({credential, suite, documentLoader});
  return {verified: result.verified};
}

async function derived({credential, pointers}) {
  const cryptosuite = sd.createDiscloseCryptosuite({selectivePointers: pointers});
  const suite = new DataIntegrityProof({cryptosuite});
  return {credential: await vc.derive({verifiableCredential: credential, suite, documentLoader})};
}

async function issued({credential, pointers}) {
  const keyPair = await ecdsaMultikey.generate({curve: 'P-256'});
  const {publicKeyMultibase: spelled} = await keyPair.export({publicKey: true});
  keyPair.controller = `did:key:${spelled}`;
  keyPair.id = `${keyPair.controller}#${spelled}`;
  const cryptosuite = sd.createSignCryptosuite({mandatoryPointers: pointers});
  const suite = new DataIntegrityProof({signer: keyPair.signer(), cryptosuite});
  const unsigned = {...credential, issuer: keyPair.controller};
  return {credential: await vc.issue({credential: unsigned, suite, documentLoader})};
}

const request = JSON.parse(readFileSync(0, 'utf8'));
const answer = await {verified, derived, issued}[request.ask](request);
process.stdout.write(JSON.stringify(answer));
