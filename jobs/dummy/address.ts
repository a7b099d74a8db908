import { type Random, weighted } from './random.ts';
import { TOWNS } from './towns.ts';

/** Where a person lives, as columns 9–12 of the extract have it. */
export interface Address {
  readonly postalCode: string;
  /** Town and lot in full width: 西新宿三丁目１２番５号, 矢来町１１４番地. */
  readonly address: string;
  /** 方書: building and room, or empty. */
  readonly building: string;
  readonly office: string;
}

const CHOME = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const BUILDING_KINDS =
  'コーポ ハイツ メゾン パークハイム グランドハイツ レジデンス サンハイツ シャトー ヴィラ コート ロイヤルコーポ フラット'.split(
    ' ',
  );
const BUILDING_ENDINGS = ['', '', '', '第二', 'Ⅱ', '壱番館', 'Ａ棟', 'Ｂ棟', '弐号館'];
const LANDLORDS = '佐藤 鈴木 高橋 田中 渡辺 小林 山本 加藤 吉田 石井 川島 内藤'.split(' ');
const HOMES = [
  '特別養護老人ホームみどりの苑',
  '都営アパート',
  '区営住宅',
  '養護老人ホームことぶき荘',
  'グループホームひだまり',
];
const LONG_BUILDING_PARTS =
  'ザ・レジデンシャルタワーズ ウエストガーデンサイド グランドステージ パークフロント プレミアムコート 管理組合法人 住宅棟 高層棟 低層棟 東側街区 共用部分ゲストハウス併設'.split(
    ' ',
  );

const drawTown = weighted(TOWNS, (town) => town.weight);

/** Draws an address of the ward; towns by their population. */
export function drawAddress(random: Random): Address {
  const town = drawTown(random);
  const [first, last] = town.numbers;
  const number = fullWidth(first + random.int(last - first + 1));
  const place = town.name + (town.chome > 0 ? `${CHOME[town.chome]}丁目` : '');
  const lot =
    town.numbering === 'block'
      ? `${number}番${fullWidth(1 + random.int(28))}号`
      : `${number}番地${random.chance(0.6) ? fullWidth(1 + random.int(20)) : ''}`;
  return {
    postalCode: town.postalCode,
    address: place + lot,
    building: drawBuilding(random, town.name),
    office: town.office,
  };
}

/** Two people in three live in a building with a name; one in 2,000 in one that all but fills the 300 bytes. */
function drawBuilding(random: Random, townName: string): string {
  const kind = random.next();
  if (kind < 0.34) return '';
  if (kind < 0.3405) return drawLongBuilding(random, townName);
  if (kind < 0.37) return `${random.pick(LANDLORDS)}様方`;
  if (kind < 0.4) return `${random.pick(HOMES)}${drawRoom(random)}`;
  return `${random.pick(BUILDING_KINDS)}${townName}${random.pick(BUILDING_ENDINGS)}${drawRoom(random)}`;
}

/** All in full width, so 149 characters are the 298 bytes of CP932 that fit into 方書. */
function drawLongBuilding(random: Random, townName: string): string {
  const room = drawRoom(random);
  let building = townName;
  for (;;) {
    const longer = building + random.pick(LONG_BUILDING_PARTS);
    if (longer.length + room.length > 149) return building + room;
    building = longer;
  }
}

function drawRoom(random: Random): string {
  const floor = random.chance(0.8) ? 1 + random.int(5) : 6 + random.int(20);
  return `${fullWidth(floor * 100 + 1 + random.int(9))}号室`;
}

function fullWidth(number: number): string {
  let text = '';
  for (const digit of String(number)) text += String.fromCharCode(digit.charCodeAt(0) + 0xfee0);
  return text;
}
